import { pathSchema } from "@shared/models/path";
import { z } from "zod";

const exportTypeSchema = z.enum(["f32", "f16", "peft"]);
export type ExportType = z.infer<typeof exportTypeSchema>;

export const exportRequestSchema = z.object({
  adapterId: z.string().max(100),
  /** An existing folder; the export makes its own folder inside. */
  folder: pathSchema,
  /** A GGUF adapter of one of two types, or the two files that PEFT reads, in float32. */
  type: exportTypeSchema,
});
export type ExportRequest = z.infer<typeof exportRequestSchema>;

/** `hone.json` beside an exported adapter. Holds no path and no text of the dataset. */
export const manifestSchema = z.object({
  schema: z.literal(1),
  kind: z.literal("adapter"),
  name: z.string(),
  madeBy: z.string(),
  base: z.object({ name: z.string(), architecture: z.string(), sha256: z.string(), bytes: z.number() }),
  dataset: z.object({ sha256: z.string().nullable() }),
  adapter: z.object({ rank: z.number(), alpha: z.number(), type: exportTypeSchema }),
  scores: z.object({ before: z.number().nullable(), after: z.number().nullable(), rows: z.number() }),
  check: z.object({
    tokens: z.number(),
    maxLogitDifference: z.number(),
    tolerance: z.number(),
    top1Agreement: z.number(),
  }),
  files: z.array(z.object({ name: z.string(), bytes: z.number(), sha256: z.string() })),
  howToLoad: z.array(z.object({ runtime: z.string(), command: z.string() })),
});
export type Manifest = z.infer<typeof manifestSchema>;

/** Where an export stands; `check` reloads the written file and compares logits with the resident adapter. */
export interface ExportProgress {
  readonly adapterId: string;
  readonly stage: "writing" | "checking" | "finishing";
}

export interface ExportResult {
  readonly folder: string;
  readonly manifest: Manifest;
}
