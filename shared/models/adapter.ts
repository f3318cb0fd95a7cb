import type { LogitDistance } from "@shared/models/logits";
import type { Recipe } from "@shared/models/recipe";
import type { Effect, Score, ScoreKind } from "@shared/models/score";
import { z } from "zod";

/** What an adapter that came in a bundle says of itself. Told by whoever made it; only the checksums were checked. */
export const passportSchema = z.object({
  madeBy: z.string(),
  /** SHA-256 of the adapter that its maker trained; the file in the bundle may hold it in another type. */
  digest: z.string(),
  licence: z.string().nullable(),
  recipeDigest: z.string().nullable(),
  rows: z.number().nullable(),
  steps: z.number().nullable(),
  exactAnswers: z.object({ rows: z.number(), before: z.number(), after: z.number() }).nullable(),
  parents: z.array(z.object({ kind: z.enum(["base", "adapter"]), name: z.string(), sha256: z.string() })),
  warnings: z.array(z.string()),
});
export type Passport = z.infer<typeof passportSchema>;

export interface AdapterRecord {
  readonly id: string;
  readonly name: string;
  readonly path: string;
  /** SHA-256 of the file, hex. Shown shortened to eight digits. */
  readonly digest: string;
  readonly bytes: number;
  readonly rank: number;
  readonly alpha: number;
  readonly architecture: string;
  readonly origin: "trained" | "imported";
  /** The base it was trained on; null for an imported one whose base is not known. */
  readonly modelId: string | null;
  readonly baseDigest: string | null;
  readonly runId: string | null;
  /** The checkpoint of the run that it was made of; null for the run's end. */
  readonly checkpointStep: number | null;
  readonly datasetDigest: string | null;
  readonly recipe: Recipe | null;
  /** SHA-256 of the recipe, hex. */
  readonly recipeDigest: string | null;
  readonly finalTrainLoss: number | null;
  readonly finalValidationLoss: number | null;
  /** What counts as a good answer; null: guessed when it is scored. */
  readonly scoreBy: ScoreKind | null;
  readonly scoreBefore: Score | null;
  readonly scoreAfter: Score | null;
  readonly effect: Effect | null;
  /** Of one that came in a bundle; null for the others. */
  readonly passport: Passport | null;
  readonly createdAt: string;
  readonly missing: boolean;
}

/** How the model acts with an imported adapter, on a few tokens. */
export interface ImportCheck {
  /** With the adapter, against the bare base. */
  readonly effect: LogitDistance;
  /** Converted back to a folder and read anew, against the adapter that was kept; null for files that were only copied. */
  readonly roundTrip: LogitDistance | null;
}

/** What an import gave, and in words what of the file was left out or doubtful. */
export interface ImportedAdapter extends AdapterRecord {
  readonly notices: readonly string[];
  readonly check: ImportCheck;
}
