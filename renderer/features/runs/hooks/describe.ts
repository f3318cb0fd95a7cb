import { count, loss } from "@renderer/lib/format";
import { smoothBothWays, smoothingWeight } from "@renderer/ui/chart/smooth";
import type { MetricPoint } from "@shared/models/run";

/** The loss curve in words: where it began, where it is, whether it still falls, and what the validation loss says about it. */
export function describeLoss(metrics: readonly MetricPoint[]): string {
  const first = metrics[0];
  const last = metrics.at(-1);
  if (!first || !last) return "No step has been made yet.";
  if (metrics.length < 5) return `Training loss ${loss(last.trainLoss)} at step ${count(last.step)}.`;
  if (metrics.some((point) => !Number.isFinite(point.trainLoss))) {
    return "The training loss stopped being a number: the learning rate is likely too high.";
  }
  const calm = smoothBothWays(
    metrics.map((point) => point.trainLoss),
    smoothingWeight(metrics.length),
  );
  const from = calm[0] as number;
  const to = calm[calm.length - 1] as number;
  const change = from > 0 ? (from - to) / from : 0;
  const course =
    Math.abs(change) < 0.02
      ? `stays near ${loss(to)}`
      : `${change > 0 ? "fell" : "rose"} from ${loss(from)} to ${loss(to)} by step ${count(last.step)}`;
  return [`Training loss ${course}${tail(calm)}.`, describeValidation(metrics, to)].filter(Boolean).join(" ");
}

/** What the last fifth of the run did. */
function tail(calm: Float64Array): string {
  const before = calm[Math.floor(calm.length * 0.8)] as number;
  const now = calm[calm.length - 1] as number;
  if (calm.length < 20 || before <= 0) return "";
  const change = (before - now) / before;
  if (change > 0.05) return " and still falls";
  return change < -0.05 ? " and has risen lately" : " and has levelled out";
}

function describeValidation(metrics: readonly MetricPoint[], train: number): string {
  const points = metrics.filter((point) => point.validationLoss !== null && Number.isFinite(point.validationLoss));
  const last = points.at(-1);
  if (!last || last.validationLoss === null) return "";
  const best = points.reduce((low, point) =>
    (point.validationLoss as number) < (low.validationLoss as number) ? point : low,
  );
  const now = last.validationLoss;
  const lowest = best.validationLoss as number;
  if (points.length > 1 && now > lowest * 1.05 && best.step < last.step) {
    return `Validation loss was lowest at step ${count(best.step)} (${loss(lowest)}) and is ${loss(now)} now: the model begins to learn by heart.`;
  }
  const gap =
    now > train * 1.5 && now - train > 0.1
      ? ", well above the training loss: rows it has seen go better than new ones"
      : "";
  return `Validation loss is ${loss(now)}${points.length > 1 ? ", its lowest so far" : ""}${gap}.`;
}
