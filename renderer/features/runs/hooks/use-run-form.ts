import { useDatasets } from "@renderer/features/datasets/api/datasets";
import { useModels } from "@renderer/features/models/api/models";
import { type Goal, goalSchema, type Recipe, recipeSchema } from "@shared/models/recipe";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { forecastQuery, type RunPlan, suggestionQuery } from "../api/plan";

interface Prefill {
  readonly modelId?: string;
  readonly datasetId?: string;
  readonly goal?: Goal;
  readonly recipe?: Recipe;
}

/** What the page was opened with: a model, a dataset, or a whole run to repeat. */
function prefillFromHistory(): Prefill {
  const state: unknown = window.history.state;
  if (typeof state !== "object" || state === null) return {};
  const { modelId, datasetId, goal, recipe } = state as Record<string, unknown>;
  return {
    modelId: typeof modelId === "string" ? modelId : undefined,
    datasetId: typeof datasetId === "string" ? datasetId : undefined,
    goal: goalSchema.safeParse(goal).data,
    recipe: recipeSchema.safeParse(recipe).data,
  };
}

/**
 * The new run's choices. The recipe is the suggestion for the three choices with the person's own changes laid over it, so that
 * another goal keeps what was changed by hand.
 */
export function useRunForm() {
  const [prefill] = useState(prefillFromHistory);
  const models = useModels();
  const datasets = useDatasets();
  const [chosenModel, setModel] = useState(prefill.modelId);
  const [chosenDataset, setDataset] = useState(prefill.datasetId);
  const [goal, setGoal] = useState<Goal>(prefill.goal ?? "format");
  const [changes, setChanges] = useState<Partial<Recipe>>(prefill.recipe ?? {});

  const usable = models.data?.filter((model) => !model.missing && model.info.whyNotTrainable.length === 0) ?? [];
  const modelId = usable.find(({ id }) => id === chosenModel)?.id ?? usable[0]?.id ?? "";
  const datasetId = datasets.data?.find(({ id }) => id === chosenDataset)?.id ?? datasets.data?.[0]?.id ?? "";

  const suggestion = useQuery(suggestionQuery(modelId, datasetId, goal));
  const recipe = useMemo(
    () => (suggestion.data ? { ...suggestion.data, ...changes } : null),
    [suggestion.data, changes],
  );
  const errors = useMemo(() => (recipe ? recipeErrors(recipe) : {}), [recipe]);
  const valid = recipe !== null && Object.keys(errors).length === 0;
  const plan = useMemo<RunPlan | null>(
    () => (valid && recipe && modelId && datasetId ? { modelId, datasetId, goal, recipe } : null),
    [valid, recipe, modelId, datasetId, goal],
  );

  const settled = useSettled(plan, 350);
  const quick = useQuery(forecastQuery(settled, false));
  const measured = useQuery(forecastQuery(useSettled(plan, 900), true));
  const current = settled === plan;
  const forecast = measured.data && !measured.isPlaceholderData ? measured.data : quick.data;

  const change = (next: Partial<Recipe>) =>
    setChanges((old) => {
      const merged: Partial<Recipe> = { ...old, ...next };
      const suggested = suggestion.data;
      if (!suggested) return merged;
      return Object.fromEntries(
        Object.entries(merged).filter(([key, value]) => !same(value, suggested[key as keyof Recipe])),
      ) as Partial<Recipe>;
    });

  const isChanged = (key: keyof Recipe) => key in changes && !same(changes[key], suggestion.data?.[key]);

  return {
    models,
    datasets,
    usable,
    modelId,
    datasetId,
    goal,
    recipe,
    errors,
    plan,
    suggestion,
    change,
    setModel,
    setDataset,
    setGoal,
    changedCount: (Object.keys(changes) as (keyof Recipe)[]).filter(isChanged).length,
    isChanged,
    reset: () => setChanges({}),
    forecast: {
      data: forecast,
      measuring: measured.isFetching || !current,
      stale: !current || quick.isPlaceholderData,
      error: quick.error ?? measured.error,
      retry: () => void Promise.all([quick.refetch(), measured.refetch()]),
    },
  };
}

export type RunForm = ReturnType<typeof useRunForm>;

/** One message for each setting that is outside its limits. */
export function recipeErrors(recipe: Recipe): Partial<Record<keyof Recipe, string>> {
  const parsed = recipeSchema.safeParse(recipe);
  const errors: Partial<Record<keyof Recipe, string>> = {};
  for (const issue of parsed.error?.issues ?? []) {
    const key = issue.path[0] as keyof Recipe;
    errors[key] ??= inWords(issue);
  }
  if (!errors.accumulation && !errors.batchSize && recipe.accumulation > recipe.batchSize) {
    errors.accumulation = `A batch of ${recipe.batchSize} cannot be cut into ${recipe.accumulation} parts.`;
  }
  return errors;
}

function inWords(issue: {
  readonly code: string;
  readonly message: string;
  readonly minimum?: unknown;
  readonly maximum?: unknown;
}): string {
  if (issue.code === "too_big") return `At most ${String(issue.maximum)}.`;
  if (issue.code === "too_small") {
    const inclusive = !("inclusive" in issue) || issue.inclusive !== false;
    return inclusive ? `At least ${String(issue.minimum)}.` : `More than ${String(issue.minimum)}.`;
  }
  return issue.code === "invalid_type" ? "A number is needed; some are whole only." : issue.message;
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** The value once it has rested for a while. */
function useSettled<Value>(value: Value, milliseconds: number): Value {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), milliseconds);
    return () => clearTimeout(timer);
  }, [value, milliseconds]);
  return settled;
}
