import { Button } from "@renderer/ui/button";
import { ConfirmDialog } from "@renderer/ui/dialog";
import { toast } from "@renderer/ui/toast-store";
import type { RunRecord } from "@shared/models/run";
import { Cpu, Pause, Play, Square } from "lucide-react";
import { useState } from "react";
import { useCancelRun, useContinueRun, usePauseRun } from "../api/runs";

const failed = (title: string) => (error: Error) => toast({ tone: "bad", title, text: error.message });

/** Pause, continue and cancel, as far as the state allows them. */
export function RunActions({ run }: { readonly run: RunRecord }) {
  const [asking, setAsking] = useState(false);
  const pause = usePauseRun();
  const cancel = useCancelRun();
  const alive = run.state === "running" || run.state === "queued" || run.state === "paused";
  return (
    <>
      {(run.state === "running" || run.state === "queued") && (
        <Button
          icon={<Pause size={16} aria-hidden />}
          busy={pause.isPending}
          onClick={() => pause.mutate(run.id, { onError: failed("The run was not paused") })}
        >
          Pause
        </Button>
      )}
      {!run.error && <ContinueButton run={run} />}
      {alive && (
        <Button
          variant="danger"
          icon={<Square size={14} aria-hidden />}
          busy={cancel.isPending}
          onClick={() => setAsking(true)}
        >
          Cancel
        </Button>
      )}
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={`Cancel “${run.name}”?`}
        text="Training stops for good. Curve, log and samples are kept; no adapter is made. To go on later, pause it instead."
        action="Cancel the run"
        busy={cancel.isPending}
        onConfirm={() =>
          cancel.mutate(run.id, { onSettled: () => setAsking(false), onError: failed("The run was not cancelled") })
        }
      />
    </>
  );
}

/** For paused runs, and for failed or cancelled ones that left a checkpoint. */
export function ContinueButton({ run, size }: { readonly run: RunRecord; readonly size?: "sm" }) {
  const go = useContinueRun();
  const ended = run.state === "failed" || run.state === "cancelled";
  if (run.state !== "paused" && !(ended && run.resumable)) return null;
  return (
    <Button
      variant="primary"
      size={size}
      icon={<Play size={16} aria-hidden />}
      busy={go.isPending}
      onClick={() => go.mutate({ id: run.id }, { onError: failed("The run did not go on") })}
    >
      {ended ? "Continue from the checkpoint" : "Continue"}
    </Button>
  );
}

/** For a run whose GPU failed or has too little memory. Its adapter is then what both devices have computed. */
export function ContinueOnCpuButton({ run, size }: { readonly run: RunRecord; readonly size?: "sm" }) {
  const go = useContinueRun();
  if (run.state !== "failed" || run.device === null || run.device === "cpu") return null;
  return (
    <Button
      size={size}
      icon={<Cpu size={16} aria-hidden />}
      busy={go.isPending}
      onClick={() => go.mutate({ id: run.id, device: "cpu" }, { onError: failed("The run did not go on") })}
    >
      {run.resumable ? "Go on on the CPU" : "Begin again on the CPU"}
    </Button>
  );
}
