import type { LogitDistance } from "@shared/models/logits";
import type { Recipe } from "@shared/models/recipe";
import type { Effect, Score, ScoreKind } from "@shared/models/score";

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
  readonly finalTrainLoss: number | null;
  readonly finalValidationLoss: number | null;
  /** What counts as a good answer; null: guessed when it is scored. */
  readonly scoreBy: ScoreKind | null;
  readonly scoreBefore: Score | null;
  readonly scoreAfter: Score | null;
  readonly effect: Effect | null;
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
