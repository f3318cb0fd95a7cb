import { Button } from "@renderer/ui/button";
import { toast } from "@renderer/ui/toast-store";
import type { RunRecord } from "@shared/models/run";
import { Pause, Play } from "lucide-react";
import { useHoldQueue, useQueue } from "../api/runs";
import { describeQueue } from "../hooks/describe-queue";

/** Says whether waiting runs begin by themselves, and lets the person change that. */
export function QueueLine({ runs }: { readonly runs: readonly RunRecord[] }) {
  const queue = useQueue().data;
  const hold = useHoldQueue();
  if (!queue) return null;
  const { held } = queue;
  const words = describeQueue(queue, runs.filter(({ state }) => state === "queued").length);
  return (
    <div className="mb-3 flex flex-wrap items-center justify-between gap-3">
      <p role="status" className={held || queue.holds.length > 0 ? "text-warn" : "text-ink-soft"}>
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
