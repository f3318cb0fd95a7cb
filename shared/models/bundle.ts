import { z } from "zod";

/** Everything is read from files that come from elsewhere, so every text and list has a limit. */
const text = z.string().max(2000);
const shortText = z.string().max(300);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "A SHA-256 has 64 hexadecimal digits.");
const size = z.int().min(0);
const number = z.number();

/** A path inside a bundle: plain names with slashes between, nothing that leads out or means two things. */
export const bundlePathSchema = z
  .string()
  .min(1)
  .max(400)
  .refine(
    (path) =>
      !/[\\:\p{Cc}]/u.test(path) &&
      path.split("/").every((part) => part !== "" && part !== "." && part !== ".." && !part.endsWith(".partial")),
    "A path inside a bundle is made of plain names.",
  );

export const bundleRoles = ["adapter", "peft", "base", "merged", "modelfile", "probe", "readme"] as const;

const bundleFile = z.object({
  path: bundlePathSchema,
  bytes: size,
  sha256,
  role: z.enum(bundleRoles),
  /** Type of the weights, such as "F16" or "Q4_0"; null where there are none. */
  quant: shortText.nullable(),
});
export type BundleFile = z.infer<typeof bundleFile>;

/**
 * `hone.json`, the manifest of every export. Holds no path of the machine that made it, no time and no text of a dataset, so that
 * the same adapter gives the same bytes.
 */
export const bundleSchema = z.object({
  format: z.literal(1),
  name: shortText.min(1),
  profile: shortText,
  created_by: z.object({ hone: shortText, engine: shortText, commit: shortText.nullable() }),
  base: z.object({
    name: shortText,
    arch: shortText,
    sha256,
    bytes: size,
    /** The type that most of its weights have. */
    file_type: shortText,
    params: size,
    hidden_activation: shortText,
    licence: text.nullable(),
    source: text.nullable(),
  }),
  adapter: z.object({
    sha256,
    bytes: size,
    rank: z.int().min(1).max(100_000),
    alpha: number,
    targets: z.array(shortText).max(64),
    dtype: shortText,
    tensors: z.int().min(0).max(1_000_000),
  }),
  files: z.array(bundleFile).min(1).max(2000),
  merge: z.object({
    applied: z.boolean(),
    formula: shortText,
    /** Type of the base's weights before the merge; null without one. */
    quantised_from: shortText.nullable(),
  }),
  training: z.object({
    dataset_sha256: sha256.nullable(),
    recipe_sha256: sha256.nullable(),
    rows: size.nullable(),
    steps: size.nullable(),
    loss_before: number.nullable(),
    loss_after: number.nullable(),
    seed: size.nullable(),
  }),
  /** The exported files beside the resident adapter, on tokens that were not learned. */
  eval: z.object({
    tokens: size,
    on: z.enum(["held-out rows", "built-in text"]),
    /** Mean over tokens of KL(resident ‖ exported), in nats. */
    kl_merged_vs_adapter: number,
    top1_agreement: number,
    max_logit_difference: number,
    /** Of the differences of the logits, over their variance. */
    mean_square_difference: number,
    exact_answers: z.object({ rows: size, before: number, after: number }).nullable(),
  }),
  phones: z
    .array(z.object({ profile: shortText, min_ram_gb: number.nullable(), file: bundlePathSchema.nullable() }))
    .max(20),
  warnings: z.array(text).max(50),
  checks: z.array(z.object({ runtime: shortText, version: shortText, result: text })).max(20),
  /** What it was made of: the base, and the adapters before it. */
  parents: z.array(z.object({ kind: z.enum(["base", "adapter"]), name: shortText, sha256 })).max(20),
});
export type Bundle = z.infer<typeof bundleSchema>;

/** `probe/prompts.json`: what to ask, and how the answer begins while the adapter is at work. */
export const probeFileSchema = z.object({
  format: z.literal(1),
  sampling: z.object({ temperature: z.literal(0), seed: z.literal(0), max_tokens: z.int().min(1).max(64) }),
  /** "built-in": Hone's own neutral prompts; "chosen": prompts that the person gave for this export. */
  prompts_from: z.enum(["built-in", "chosen"]),
  prompts: z
    .array(
      z.object({
        prompt: text,
        /** By the bare base; where it begins as the tuned one does, the prompt proves nothing. */
        without_adapter: text,
        /** Beginnings by the type of the weights: the base's own with the adapter beside it, or that of a merged file. */
        expected: z.record(shortText, text),
        proves: z.boolean(),
      }),
    )
    .max(10),
});
export type ProbeFile = z.infer<typeof probeFileSchema>;
