import { z } from "zod";
import table from "./table.json";

/** One small model of random weights, measured by the engine's own tests, which also fail when the table no longer holds. */
const supportRowSchema = z.object({
  architecture: z.string(),
  /** Of the matrices of its blocks. */
  type: z.string(),
  /** Name of the fixture. */
  model: z.string(),
  /** What products do with their inputs, unless told otherwise: kept, or rounded to integers with a scale per so many. */
  inputs: z.enum(["float32", "int16/32", "int8/token"]),
  /** Largest difference of a logit from a float64 computation, over the standard deviation of the logits; inputs not rounded. */
  logitsError: z.number(),
  /** Normalised mean square of the same difference with inputs as above. */
  meanSquare: z.number(),
  /** Largest relative error of an adapter's gradients, against the reference backend. */
  gradientError: z.number(),
  /** The written adapter computes the same logits, to the bit. */
  exportedExactly: z.boolean(),
  /** Normalised mean square of a merged model's logits against base and adapter; the adapter changes every matrix. */
  merged: z.object({ f16: z.number(), q8_0: z.number(), q4_k_m: z.number(), q4_0: z.number() }),
});
export type SupportRow = z.infer<typeof supportRowSchema>;

export const supportTable: readonly SupportRow[] = z.array(supportRowSchema).parse(table);
