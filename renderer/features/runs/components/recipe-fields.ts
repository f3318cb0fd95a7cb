import type { Recipe } from "@shared/models/recipe";

/** A number that may be left out counts as 0. */
type NumberKey = { [Key in keyof Recipe]-?: Required<Recipe>[Key] extends number ? Key : never }[keyof Recipe];
type SwitchKey = { [Key in keyof Recipe]-?: Recipe[Key] extends boolean ? Key : never }[keyof Recipe];

interface NumberFieldFacts {
  readonly kind: "number";
  readonly key: NumberKey;
  readonly label: string;
  readonly hint: string;
  readonly step: number | "double";
  readonly scientific?: boolean;
}
interface SwitchFieldFacts {
  readonly kind: "switch";
  readonly key: SwitchKey;
  readonly label: string;
  readonly hint: string;
}
export interface SpecialFieldFacts {
  readonly kind: "schedule" | "projections" | "maxSteps" | "maxMinutes" | "patience";
  readonly label: string;
  readonly hint: string;
}
export type FieldFacts = NumberFieldFacts | SwitchFieldFacts | SpecialFieldFacts;

/** Every setting of a recipe with one line on what it does, in the order of what people change most. */
export const recipeGroups: readonly { readonly title: string; readonly fields: readonly FieldFacts[] }[] = [
  {
    title: "Length and speed",
    fields: [
      {
        kind: "number",
        key: "epochs",
        label: "Epochs",
        step: 1,
        hint: "How often every row is seen. More learns harder, and sooner or later by heart.",
      },
      { kind: "maxSteps", label: "Step limit", hint: "Ends the run early. Empty means no limit." },
      { kind: "maxMinutes", label: "Time limit", hint: "Minutes of work after which the run ends. Empty: no limit." },
      {
        kind: "number",
        key: "learningRate",
        label: "Learning rate",
        step: "double",
        scientific: true,
        hint: "Size of each correction. Halve it when the loss jumps about.",
      },
      { kind: "schedule", label: "Schedule", hint: "How the learning rate falls towards the end." },
      {
        kind: "number",
        key: "warmup",
        label: "Warm-up share",
        step: 0.01,
        hint: "Share of the run in which the learning rate rises from zero.",
      },
      {
        kind: "number",
        key: "batchSize",
        label: "Batch size",
        step: "double",
        hint: "Rows per step. Larger is steadier and slower per step.",
      },
      {
        kind: "number",
        key: "accumulation",
        label: "Parts per batch",
        step: "double",
        hint: "The batch is computed in this many parts. More parts need less memory.",
      },
      {
        kind: "number",
        key: "contextLength",
        label: "Context length",
        step: "double",
        hint: "Longest row in tokens; longer ones are cut. The main lever for memory.",
      },
      {
        kind: "switch",
        key: "packing",
        label: "Packing",
        hint: "Short rows share one sequence without seeing each other. Faster on short rows.",
      },
    ],
  },
  {
    title: "Adapter",
    fields: [
      {
        kind: "number",
        key: "rank",
        label: "Rank",
        step: "double",
        hint: "Room for change: 8 suits formats, 32 and more suit knowledge.",
      },
      {
        kind: "number",
        key: "alpha",
        label: "Alpha",
        step: "double",
        hint: "Strength of the change, usually twice the rank.",
      },
      {
        kind: "number",
        key: "dropout",
        label: "Dropout",
        step: 0.05,
        hint: "Blanks a share of the adapter's input, against learning by heart.",
      },
      {
        kind: "number",
        key: "embeddingNoise",
        label: "Embedding noise",
        step: 1,
        hint: "Blurs the words that are read while training (NEFTune): 5 is usual, 0 is none.",
      },
      {
        kind: "switch",
        key: "rankStabilised",
        label: "Rank-stabilised scale",
        hint: "Scales by √rank, so that large ranks keep learning (rsLoRA).",
      },
      {
        kind: "projections",
        label: "Matrices",
        hint: "Which matrices of each block may change. All seven learn best.",
      },
    ],
  },
  {
    title: "Validation and safety",
    fields: [
      {
        kind: "number",
        key: "validationShare",
        label: "Validation share",
        step: 0.01,
        hint: "Share of rows never trained on, to see whether learning carries over.",
      },
      {
        kind: "number",
        key: "validateEvery",
        label: "Validate every",
        step: 10,
        hint: "Steps between validations; 0 means only at the end.",
      },
      {
        kind: "patience",
        label: "Patience",
        hint: "Ends after so many validations without a lower loss and keeps the best. Empty: never.",
      },
      {
        kind: "number",
        key: "checkpointEvery",
        label: "Checkpoint every",
        step: 10,
        hint: "Steps between safe points; a crash costs at most this many.",
      },
      {
        kind: "number",
        key: "sampleEvery",
        label: "Sample every",
        step: 10,
        hint: "Steps between sample answers; 0 means only at the end.",
      },
      {
        kind: "number",
        key: "clipNorm",
        label: "Gradient clipping",
        step: 0.1,
        hint: "Longest correction allowed; 0 switches it off.",
      },
      {
        kind: "number",
        key: "weightDecay",
        label: "Weight decay",
        step: 0.01,
        hint: "Pulls the adapter gently back towards no change.",
      },
      {
        kind: "number",
        key: "seed",
        label: "Seed",
        step: 1,
        hint: "The same seed, data and settings give the same adapter.",
      },
      {
        kind: "switch",
        key: "activationCheckpointing",
        label: "Save memory",
        hint: "Keeps less and computes it again: about a third slower.",
      },
    ],
  },
];
