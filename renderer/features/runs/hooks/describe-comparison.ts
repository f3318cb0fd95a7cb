import { count, loss } from "@renderer/lib/format";
import type { ComparedRun } from "./use-compared-runs";

/** Which run came lowest, and how far the others are, in words. */
export function describeComparison(runs: readonly Pick<ComparedRun, "run" | "curves">[]): string {
  const ranked = runs
    .flatMap(({ run, curves }) => (curves?.best ? [{ name: run.name, ...curves.best }] : []))
    .sort((left, right) => left.loss - right.loss);
  const [first, ...others] = ranked;
  if (!first) return "None of these runs has a validation loss; compare their training losses.";
  const lead = `Lowest validation loss: “${first.name}” with ${loss(first.loss)} at step ${count(first.step)}.`;
  if (others.length === 0) return lead;
  const rest = others.slice(0, 3).map(({ name, loss: value }) => `“${name}” ${loss(value)}`);
  const more = others.length > 3 ? ` and ${others.length - 3} more` : "";
  return `${lead} Then ${rest.join(", ")}${more}.`;
}
