import type { Recipe } from "@shared/models/recipe";
import type { RunRecord } from "@shared/models/run";
import { recipeGroups } from "../components/recipe-fields";
import type { RunCurves } from "./run-curves";

export interface Effect {
  readonly key: keyof Recipe;
  readonly label: string;
  readonly points: readonly EffectPoint[];
}

export interface EffectPoint {
  readonly id: string;
  readonly name: string;
  /** The setting. */
  readonly x: number;
  /** The lowest validation loss that the run reached with it. */
  readonly y: number;
}

/** Settings that are numbers and not the same in all runs, each with what the runs came to. The seed is no lever. */
export function effects(
  runs: readonly { readonly run: RunRecord; readonly curves: RunCurves | null }[],
): readonly Effect[] {
  const measured = runs.flatMap(({ run, curves }) => (curves?.best ? [{ run, loss: curves.best.loss }] : []));
  const fields = recipeGroups.flatMap((group) => group.fields);
  return fields.flatMap((field) => {
    if (field.kind !== "number" || field.key === "seed") return [];
    const points = measured.map(({ run, loss }) => ({
      id: run.id,
      name: run.name,
      x: run.recipe[field.key] ?? 0,
      y: loss,
    }));
    const differs = points.some(({ x }) => x !== points[0]?.x);
    return differs ? [{ key: field.key, label: field.label, points }] : [];
  });
}
