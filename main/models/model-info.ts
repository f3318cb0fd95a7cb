import type { ModelInfo } from "@shared/models/model";
import { z } from "zod";

/** `ModelInfo` as it comes back from the database. */
export const modelInfoSchema: z.ZodType<ModelInfo> = z.object({
  path: z.string(),
  fileBytes: z.number(),
  name: z.string(),
  architecture: z.string(),
  parameters: z.number(),
  contextLength: z.number(),
  embeddingLength: z.number(),
  feedForwardLength: z.number(),
  blockCount: z.number(),
  headCount: z.number(),
  headCountKv: z.number(),
  vocabularySize: z.number(),
  types: z.array(z.object({ dtype: z.string(), tensors: z.number(), bytes: z.number() })),
  tokenizer: z.object({ model: z.string(), pre: z.string() }).nullable(),
  chatTemplate: z.string().nullable(),
  activation: z.object({
    kind: z.enum(["silu", "relu2", "gelu_tanh"]),
    source: z.enum(["file", "architecture", "guess", "chosen"]),
    reason: z.string().optional(),
  }),
  license: z.string().nullable(),
  description: z.string().nullable(),
  whyNotTrainable: z.array(z.string()),
});
