import { choiceFlag, numberFlag } from "@main/cli/flags";
import { UsageError } from "@main/cli/usage-error";
import { projections } from "@shared/models/model";
import { type Recipe, recipeSchema } from "@shared/models/recipe";

interface RecipeFlag {
  readonly key: keyof Recipe;
  readonly help: string;
  read(value: string, flag: string): unknown;
}

const number = (key: keyof Recipe, help: string): RecipeFlag => ({ key, help, read: numberFlag });
const choice = (key: keyof Recipe, choices: readonly string[], help: string): RecipeFlag => ({
  key,
  help: `${help}: ${choices.join(", ")}`,
  read: (value, flag) => choiceFlag(value, flag, choices),
});
const onOff = (key: keyof Recipe, help: string): RecipeFlag => ({
  key,
  help: `${help}: on, off`,
  read: (value, flag) => choiceFlag(value, flag, ["on", "off"]) === "on",
});

/** Every setting of a recipe as a flag. */
const flags: Readonly<Record<string, RecipeFlag>> = {
  rank: number("rank", "rank of the adapter"),
  ranks: {
    key: "ranks",
    help: "ranks of single matrices instead: q=16,v=4",
    read: (value, flag) =>
      Object.fromEntries(
        value.split(",").map((part) => {
          const [name = "", rank = ""] = part.split("=");
          return [choiceFlag(name.trim(), flag, projections), numberFlag(rank, flag)];
        }),
      ),
  },
  alpha: number("alpha", "scale of the adapter is alpha / rank"),
  "rank-stabilised": onOff("rankStabilised", "scale by alpha / √rank"),
  dropout: number("dropout", "share of adapter inputs dropped in training"),
  "embedding-noise": number("embeddingNoise", "noise on embeddings in training (NEFTune's alpha, around 5)"),
  projections: {
    key: "projections",
    help: `matrices to adapt, with commas: ${projections.join(",")}`,
    read: (value, flag) => value.split(",").map((name) => choiceFlag(name.trim(), flag, projections)),
  },
  "learning-rate": number("learningRate", "highest learning rate"),
  schedule: choice("schedule", ["constant", "linear", "cosine"], "how the rate falls"),
  warmup: number("warmup", "share of steps spent warming up"),
  epochs: number("epochs", "passes over the data"),
  "max-steps": number("maxSteps", "end after so many steps"),
  "max-minutes": number("maxMinutes", "end after so many minutes of work"),
  patience: number("patience", "end after so many validations without a lower loss; keep the best"),
  "batch-size": number("batchSize", "examples per step"),
  accumulation: number("accumulation", "compute a batch in so many parts"),
  "context-length": number("contextLength", "longest row in tokens"),
  packing: onOff("packing", "several short rows in one sequence"),
  "clip-norm": number("clipNorm", "largest norm of a gradient; 0 switches it off"),
  "weight-decay": number("weightDecay", "weight decay of AdamW"),
  "activation-checkpointing": onOff("activationCheckpointing", "less memory for more work"),
  "validation-share": number("validationShare", "share of rows kept aside"),
  "validate-every": number("validateEvery", "steps between validations; 0: at the end"),
  "checkpoint-every": number("checkpointEvery", "steps between checkpoints; 0: at the end"),
  "sample-every": number("sampleEvery", "steps between sample answers; 0: at the end"),
  seed: number("seed", "seed of split, adapter, order and dropout"),
};

export const recipeOptions: Readonly<Record<string, { readonly type: "string" }>> = Object.fromEntries(
  Object.keys(flags).map((name) => [name, { type: "string" as const }]),
);

export const recipeHelp = Object.entries(flags)
  .map(([name, { help }]) => `  --${name.padEnd(26)} ${help}`)
  .join("\n");

/** The settings that were given, still to be laid over a whole recipe. */
export function readRecipeFlags(values: Readonly<Record<string, unknown>>): Partial<Recipe> {
  const changes: Record<string, unknown> = {};
  for (const [name, flag] of Object.entries(flags)) {
    const value = values[name];
    if (typeof value === "string") changes[flag.key] = flag.read(value, `--${name}`);
  }
  const parsed = recipeSchema.partial().safeParse(changes);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const name = Object.keys(flags).find((candidate) => flags[candidate]?.key === issue?.path[0]);
  throw new UsageError(`--${name ?? "?"} does not fit: ${issue?.message ?? "unknown reason"}.`);
}
