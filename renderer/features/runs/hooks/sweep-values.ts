import { rate } from "@renderer/lib/format";
import { recipeSchema } from "@shared/models/recipe";
import { combinations, type Grid, type GridKey, gridKeys, mostSweepRuns } from "@shared/models/sweep";

/** What a person has written into the fields of a sweep: values parted by commas or spaces; nothing leaves the setting as it is. */
export type SweepTexts = Readonly<Partial<Record<GridKey, string>>>;

export interface ReadSweep {
  /** Null while there is nothing to try, or something wrong. */
  readonly grid: Grid | null;
  readonly runs: number;
  readonly errors: Readonly<Partial<Record<GridKey, string>>>;
  /** About all of them together. */
  readonly error: string | null;
}

export const sweepLabels: Readonly<Record<GridKey, string>> = {
  learningRate: "Learning rates",
  rank: "Ranks",
  alpha: "Alphas",
  epochs: "Epochs",
  batchSize: "Batch sizes",
  dropout: "Dropouts",
  weightDecay: "Weight decays",
  seed: "Seeds",
};

/** Of one column. */
export const sweepHeads: Readonly<Record<GridKey, string>> = {
  learningRate: "Learning rate",
  rank: "Rank",
  alpha: "Alpha",
  epochs: "Epochs",
  batchSize: "Batch size",
  dropout: "Dropout",
  weightDecay: "Weight decay",
  seed: "Seed",
};

const mostValues = 12;

export function readSweep(texts: SweepTexts): ReadSweep {
  const grid: Partial<Record<GridKey, number[]>> = {};
  const errors: Partial<Record<GridKey, string>> = {};
  for (const key of gridKeys) {
    const words = (texts[key] ?? "").split(/[\s,;]+/).filter(Boolean);
    if (words.length === 0) continue;
    const values = words.map(Number);
    const wrong = values.findIndex((value) => !recipeSchema.shape[key].safeParse(value).success);
    if (wrong >= 0) errors[key] = `“${words[wrong]}” is outside its limits.`;
    else if (words.length > mostValues) errors[key] = `At most ${mostValues} values.`;
    else grid[key] = [...new Set(values)];
  }
  const runs = combinations(grid).length;
  const broken = Object.keys(errors).length > 0;
  const error = runs > mostSweepRuns ? `These make ${runs} runs; a sweep has at most ${mostSweepRuns}.` : null;
  return { grid: broken || error || runs < 2 ? null : grid, runs: broken ? 0 : runs, errors, error };
}

/** A value of a grid as people write it. */
export function gridValue(key: GridKey, value: number): string {
  return key === "learningRate" ? rate(value) : String(value);
}
