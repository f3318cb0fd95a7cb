import { type Recipe, recipeSchema } from "@shared/models/recipe";
import { z } from "zod";

const values = <Value>(value: z.ZodType<Value>) => z.array(value).min(1).max(12).optional();
const { shape } = recipeSchema;

/** Settings that a sweep may try, and the values of each. */
export const gridSchema = z.object({
  learningRate: values(shape.learningRate),
  rank: values(shape.rank),
  alpha: values(shape.alpha),
  epochs: values(shape.epochs),
  batchSize: values(shape.batchSize),
  dropout: values(shape.dropout),
  weightDecay: values(shape.weightDecay),
  seed: values(shape.seed),
});
export type Grid = z.infer<typeof gridSchema>;
export type GridKey = keyof Grid;
export const gridKeys = Object.keys(gridSchema.shape) as GridKey[];

/** Runs in one sweep: more are a night that nobody looks through. */
export const mostSweepRuns = 24;

/** Every combination of the values, the last setting changing fastest; a value that is named twice counts once. */
export function combinations(grid: Grid): Partial<Recipe>[] {
  let found: Partial<Recipe>[] = [{}];
  for (const key of gridKeys) {
    const list = grid[key];
    if (list) found = found.flatMap((change) => [...new Set(list)].map((value) => ({ ...change, [key]: value })));
  }
  return found;
}

/** The recipe of one combination. Where the rank is tried and alpha is not, their ratio stays, and with it the adapter's strength. */
export function recipeOf(recipe: Recipe, change: Partial<Recipe>): Recipe {
  const alpha =
    change.rank !== undefined && change.alpha === undefined ? (recipe.alpha * change.rank) / recipe.rank : recipe.alpha;
  return { ...recipe, alpha, ...change };
}

/** Runs that try a grid of settings, for the one with the lowest validation loss. */
export interface SweepRecord {
  readonly id: string;
  readonly name: string;
  readonly grid: Grid;
  readonly createdAt: string;
  /** In the order of their combinations; those that were removed are missing. */
  readonly runs: readonly SweepRun[];
  /** The lowest validation loss so far; null before the first run is done. */
  readonly winner: string | null;
}

export interface SweepRun {
  readonly id: string;
  readonly change: Partial<Recipe>;
  /** Of its adapter; null before the run is done. */
  readonly validationLoss: number | null;
}
