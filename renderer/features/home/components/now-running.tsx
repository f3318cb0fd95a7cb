import { count, duration, loss, speed } from "@renderer/lib/format";
import { buttonClass } from "@renderer/ui/button";
import { Panel, Stat } from "@renderer/ui/panel";
import { Progress } from "@renderer/ui/progress";
import type { RunRecord } from "@shared/models/run";
import { Link } from "wouter";

export function NowRunning({ run }: { readonly run: RunRecord }) {
  const progress = run.progress;
  const share = progress && progress.totalSteps > 0 ? progress.step / progress.totalSteps : null;
  return (
    <Panel
      title={run.name}
      note="training now"
      actions={
        <Link href={`/runs/${run.id}`} className={buttonClass("default", "sm")}>
          Watch
        </Link>
      }
    >
      <Progress value={share} label={`Progress of ${run.name}`} className="mb-3" />
      {progress ? (
        <dl className="grid grid-cols-2 gap-4 sm:grid-cols-4">
          <Stat name="Step" value={`${count(progress.step)} of ${count(progress.totalSteps)}`} />
          <Stat
            name="Time left"
            value={progress.remainingSeconds === null ? "…" : duration(progress.remainingSeconds)}
          />
          <Stat name="Training loss" value={loss(progress.trainLoss)} />
          <Stat name="Speed" value={speed(progress.tokensPerSecond)} />
        </dl>
      ) : (
        <p className="text-ink-soft">Starting the engine…</p>
      )}
    </Panel>
  );
}
