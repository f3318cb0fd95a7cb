import { useQueue, useRuns } from "@renderer/features/runs/api/runs";
import { useEngines } from "@renderer/features/settings/api/settings";
import { engineWords, isTroubled } from "@renderer/features/settings/engine-words";
import { duration } from "@renderer/lib/format";
import { Progress } from "@renderer/ui/progress";
import { describeHolds } from "@shared/models/queue-words";
import { clsx } from "clsx";
import { Link } from "wouter";

/** The foot of the side bar: the run at work, or how the engine stands. */
export function StatusFoot() {
  const { data: runs } = useRuns();
  const { data: engines } = useEngines();
  const { data: queue } = useQueue();
  const running = runs?.find((run) => run.state === "running");
  const waiting = runs?.filter((run) => run.state === "queued").length ?? 0;
  const trouble = engines?.find(isTroubled);
  const shown = trouble ?? engines?.find(({ role }) => role === "training");
  if (running) {
    const progress = running.progress;
    return (
      <Link
        href={`/runs/${running.id}`}
        className="m-2.5 rounded-md border border-line bg-surface p-2.5 hover:border-line-strong"
      >
        <span className="flex items-baseline justify-between gap-2">
          <span className="truncate text-sm font-medium">{running.name}</span>
          <span className="num shrink-0 text-xs text-ink-faint">
            {progress && progress.totalSteps > 0 ? `${Math.floor((progress.step / progress.totalSteps) * 100)} %` : ""}
          </span>
        </span>
        <Progress
          className="mt-1.5"
          label={`Progress of ${running.name}`}
          value={progress && progress.totalSteps > 0 ? progress.step / progress.totalSteps : null}
        />
        <span className="num mt-1.5 block truncate text-xs text-ink-faint">
          {progress?.remainingSeconds != null
            ? `${duration(progress.remainingSeconds)}${waiting > 0 ? "" : " left"}`
            : "Preparing"}
          {waiting > 0 && ` · ${waiting} waiting`}
        </span>
      </Link>
    );
  }
  if (waiting > 0 && queue && (queue.held || queue.holds.length > 0)) {
    return (
      <Link
        href="/runs"
        className="m-2.5 rounded-md border border-warn/40 bg-warn-soft p-2.5 text-xs hover:border-warn"
      >
        <span className="block font-medium text-warn">{queue.held ? "The queue is held" : "Training waits"}</span>
        <span className="mt-0.5 block text-ink-soft">{describeHolds(queue.holds) || `${waiting} waiting`}</span>
      </Link>
    );
  }
  return (
    <p className="flex items-center gap-2 px-4.5 py-3 text-xs text-ink-faint" role="status">
      <span
        className={clsx("size-2 rounded-full", trouble ? "bg-warn" : engines ? "bg-good" : "bg-line-strong")}
        aria-hidden
      />
      {shown ? engineWords(shown) : "Connecting"}
    </p>
  );
}
