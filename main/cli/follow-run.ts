import { bar, formatCount, formatDuration } from "@main/cli/format";
import type { LocalServices } from "@main/cli/local-client";
import type { Output } from "@main/cli/output";
import type { RunProgress, RunRecord } from "@shared/models/run";

const milestonePercent = 10;

/** Shows a run until it stops being at work, and gives it back. An interruption pauses it at a checkpoint. */
export async function followRun(
  { client }: LocalServices,
  runId: string,
  output: Output,
  interrupted: AbortSignal,
): Promise<RunRecord> {
  let lastMilestone = -1;
  const show = (progress: RunProgress) => {
    output.live(progressLine(progress));
    const milestone = Math.floor((100 * progress.step) / Math.max(1, progress.totalSteps) / milestonePercent);
    if (output.isTty || progress.totalSteps === 0 || milestone === lastMilestone) return;
    lastMilestone = milestone;
    output.say(progressLine(progress));
  };
  const isAtWork = ({ state }: RunRecord) => state === "queued" || state === "running";
  const stops: (() => void)[] = [];
  try {
    return await new Promise<RunRecord>((resolve, reject) => {
      const look = (run: RunRecord) => {
        if (run.progress) show(run.progress);
        if (!isAtWork(run)) resolve(run);
      };
      stops.push(
        client.runs.changed((run) => {
          if (run.id !== runId) return;
          if (run.progress) output.event("progress", run.progress);
          look(run);
        }),
        client.runs.grew(({ id, metrics, samples, log }) => {
          if (id !== runId) return;
          for (const point of metrics) output.event("step", point);
          for (const sample of samples) output.event("sample", sample);
          for (const line of log) {
            output.event("log", line);
            if (line.level !== "info") output.say(`${line.level}: ${line.text}`);
          }
        }),
      );
      const pause = () => {
        output.say("Stopping at a checkpoint …");
        // A run that ends at this very moment can no longer be paused; it is then what it is.
        client.runs
          .pause({ id: runId })
          .catch(() => client.runs.get({ id: runId }))
          .then(resolve, reject);
      };
      if (interrupted.aborted) pause();
      else interrupted.addEventListener("abort", pause, { once: true });
      stops.push(() => interrupted.removeEventListener("abort", pause));
      client.runs.get({ id: runId }).then(look, reject);
    });
  } finally {
    for (const stop of stops) stop();
  }
}

function progressLine(progress: RunProgress): string {
  const { step, totalSteps, phase, trainLoss, validationLoss, tokensPerSecond, elapsedSeconds, remainingSeconds } =
    progress;
  if (totalSteps === 0) return `${phase} …`;
  const parts = [
    bar(step / totalSteps, 20),
    `${String(Math.floor((100 * step) / totalSteps)).padStart(3)} %`,
    `step ${step}/${totalSteps}`,
    trainLoss === null ? "" : `loss ${trainLoss.toFixed(3)}`,
    validationLoss === null ? "" : `validation ${validationLoss.toFixed(3)}`,
    tokensPerSecond > 0 ? `${formatCount(tokensPerSecond)} tokens/s` : "",
    phase === "training" ? "" : phase,
    `${formatDuration(elapsedSeconds)} gone`,
    remainingSeconds === null ? "" : `${formatDuration(remainingSeconds)} left`,
  ];
  return parts.filter((part) => part !== "").join("  ");
}
