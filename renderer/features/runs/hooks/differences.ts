import { rate } from "@renderer/lib/format";
import type { Recipe } from "@shared/models/recipe";
import type { RunRecord } from "@shared/models/run";
import { goalNames } from "../components/goal-names";
import { recipeGroups } from "../components/recipe-fields";

/** One setting in words, for each of the runs. */
export interface Difference {
  readonly label: string;
  readonly values: readonly string[];
}

type Described = Pick<RunRecord, "modelId" | "datasetId" | "goal" | "recipe">;

export interface Names {
  readonly model: (id: string) => string;
  readonly dataset: (id: string) => string;
}

const labels = new Map<string, string>(
  recipeGroups.flatMap(({ fields }) =>
    fields.map((field): [string, string] => ["key" in field ? field.key : field.kind, field.label]),
  ),
);

/** The settings in which the runs differ, and how many they share. */
export function differences(
  runs: readonly Described[],
  names: Names,
): { readonly differing: readonly Difference[]; readonly shared: number } {
  const rows: Difference[] = [
    { label: "Model", values: runs.map(({ modelId }) => names.model(modelId)) },
    { label: "Dataset", values: runs.map(({ datasetId }) => names.dataset(datasetId)) },
    { label: "Goal", values: runs.map(({ goal }) => goalNames[goal]) },
    ...keysOf(runs).map((key) => ({
      label: labels.get(key) ?? inWords(key),
      values: runs.map(({ recipe }) => valueText(key, recipe[key])),
    })),
  ];
  const differing = rows.filter(({ values }) => values.some((value) => value !== values[0]));
  return { differing, shared: rows.length - differing.length };
}

/** In the order of the form, then whatever it does not have. */
function keysOf(runs: readonly Described[]): readonly (keyof Recipe)[] {
  const there = new Set(runs.flatMap(({ recipe }) => Object.keys(recipe)));
  const known = [...labels.keys()].filter((key) => there.has(key));
  return [...known, ...[...there].filter((key) => !labels.has(key))] as (keyof Recipe)[];
}

/** "maxSteps" → "Max steps" */
function inWords(key: string): string {
  const words = key.replace(/([A-Z])/g, " $1").toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** What is left out means the same as none, or as zero where a number is missing. */
function valueText(key: keyof Recipe, value: Recipe[keyof Recipe]): string {
  if (value === null || value === undefined) return key === "embeddingNoise" ? "0" : "none";
  if (typeof value === "boolean") return value ? "on" : "off";
  if (typeof value === "number") return key === "learningRate" ? rate(value) : String(value);
  if (Array.isArray(value)) return value.join(" ");
  if (typeof value === "object") {
    const parts = Object.entries(value).map(([name, inner]) => `${name} ${inner}`);
    return parts.length > 0 ? parts.join(", ") : "none";
  }
  return String(value);
}
