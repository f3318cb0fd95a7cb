import { Button } from "@renderer/ui/button";
import { toast } from "@renderer/ui/toast-store";
import type { RunRecord } from "@shared/models/run";
import { Pause, Play } from "lucide-react";
import { useHoldQueue, useQueue } from "../api/runs";

/** Says whether waiting runs begin by themselves, and lets the person change that. */
export function QueueLine({ runs }: { readonly runs: readonly RunRecord[] }) {
  const held = useQueue().data?.held;
  const hold = useHoldQueue();
  if (held === undefined) return null;
  const waiting = runs.filter(({ state }) => state === "queued").length;
  const many = `${waiting} ${waiting === 1 ? "run waits" : "runs wait"}`;
  const words = held
    ? `The queue is held: ${waiting === 0 ? "new runs wait" : many} until you let it go on. A run at work is not stopped.`
    : `The queue is live: ${waiting === 0 ? "a new run begins by itself" : `${many} and ${waiting === 1 ? "begins by itself" : "begin by themselves"}`}.`;
  return (
    <div className="mb-3 flex flex-wrap items-center justify-between gap-3">
      <p role="status" className={held ? "text-warn" : "text-ink-soft"}>
        {words}
      </p>
      <Button
        size="sm"
        icon={held ? <Play size={14} aria-hidden /> : <Pause size={14} aria-hidden />}
        busy={hold.isPending}
        onClick={() =>
          hold.mutate(!held, {
            onError: (error) => toast({ tone: "bad", title: "The queue stays as it was", text: error.message }),
          })
        }
      >
        {held ? "Let the queue go on" : "Hold the queue"}
      </Button>
    </div>
  );
}
