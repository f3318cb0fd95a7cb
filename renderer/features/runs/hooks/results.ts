import type { AdapterRecord } from "@shared/models/adapter";
import type { RunRecord } from "@shared/models/run";
import { figureOf, type ScoreKind } from "@shared/models/score";
import type { RunCurves } from "./run-curves";

export interface Result {
  readonly key:
    | "validation"
    | "bestStep"
    | "train"
    | "exact"
    | "contains"
    | "json"
    | "heldOutLoss"
    | "forgetting"
    | "time"
    | "speed";
  readonly label: string;
  /** One for each run; null where it is not known. */
  readonly values: readonly (number | null)[];
  /** Place of the best value; -1 where there is none, or where best means nothing. */
  readonly best: number;
}

interface Finished {
  readonly run: RunRecord;
  readonly curves: RunCurves | null;
}

/** What the runs came to. A row that no run has anything for is left out. */
export function resultsOf(runs: readonly Finished[], adapters: readonly AdapterRecord[]): readonly Result[] {
  const adapterOf = (run: RunRecord) => adapters.find(({ id }) => id === run.adapterId);
  const score = (run: RunRecord, kind: ScoreKind) => {
    const after = adapterOf(run)?.scoreAfter;
    return after ? figureOf(after, kind) : null;
  };
  const forgotten = (run: RunRecord) => {
    const effect = adapterOf(run)?.effect;
    return effect ? effect.generalLossAfter - effect.generalLossBefore : null;
  };
  const rows = [
    row("validation", "Best validation loss", runs, ({ curves }) => curves?.best?.loss ?? null, "lowest"),
    row("bestStep", "At step", runs, ({ curves }) => curves?.best?.step ?? null, null),
    row("train", "Training loss at the end", runs, ({ run }) => run.progress?.trainLoss ?? null, "lowest"),
    row("exact", "Exact answers", runs, ({ run }) => score(run, "exact"), "highest"),
    row("contains", "Answers that contain it", runs, ({ run }) => score(run, "contains"), "highest"),
    row("json", "The same JSON", runs, ({ run }) => score(run, "json"), "highest"),
    row("heldOutLoss", "Loss on held-out rows", runs, ({ run }) => score(run, "loss"), "lowest"),
    row("forgetting", "Rise on a general text", runs, ({ run }) => forgotten(run), "lowest"),
    row("time", "Time", runs, ({ run }) => run.progress?.elapsedSeconds ?? null, "lowest"),
    row("speed", "Speed", runs, ({ run }) => run.progress?.tokensPerSecond ?? null, "highest"),
  ];
  return rows.filter(({ values }) => values.some((value) => value !== null));
}

function row(
  key: Result["key"],
  label: string,
  runs: readonly Finished[],
  of: (run: Finished) => number | null,
  best: "lowest" | "highest" | null,
): Result {
  const values = runs.map(of);
  const there = values.filter((value) => value !== null);
  // Among one, and among equals, none is best.
  const wanted = best === "lowest" ? Math.min(...there) : Math.max(...there);
  const winners = values.filter((value) => value === wanted).length;
  return { key, label, values, best: best && there.length > 1 && winners === 1 ? values.indexOf(wanted) : -1 };
}
