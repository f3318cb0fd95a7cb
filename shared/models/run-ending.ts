import type { AdapterRecord } from "@shared/models/adapter";
import type { RunEnding, RunRecord } from "@shared/models/run";
import { figureOf, type ScoreKind } from "@shared/models/score";

const nouns: Readonly<Record<ScoreKind, string>> = {
  exact: "exact answers",
  contains: "answers that contain what was expected",
  json: "answers with the same JSON",
  loss: "loss of the expected answers",
};

/** What a notification says: the result first. */
export function describeEnding(
  run: Pick<RunRecord, "id" | "name" | "state" | "error" | "progress">,
  adapter?: Pick<AdapterRecord, "scoreBy" | "scoreBefore" | "scoreAfter" | "finalValidationLoss">,
): RunEnding {
  if (run.state === "failed") {
    return { id: run.id, title: `“${run.name}” failed`, text: run.error?.message ?? "Open it to see why." };
  }
  const title = `“${run.name}” is done`;
  const kind = adapter?.scoreBy ?? null;
  const before = kind && adapter?.scoreBefore ? figureOf(adapter.scoreBefore, kind) : null;
  const after = kind && adapter?.scoreAfter ? figureOf(adapter.scoreAfter, kind) : null;
  if (kind && before !== null && after !== null) {
    const write = (value: number) => (kind === "loss" ? value.toFixed(3) : `${Math.round(100 * value)} %`);
    return { id: run.id, title, text: `From ${write(before)} to ${write(after)} ${nouns[kind]}.` };
  }
  const loss = adapter?.finalValidationLoss ?? run.progress?.validationLoss ?? null;
  const text = loss === null ? "Its adapter is ready." : `Its adapter is ready; validation loss ${loss.toFixed(3)}.`;
  return { id: run.id, title, text };
}
