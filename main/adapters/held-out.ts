import { createHash } from "node:crypto";
import { readConversations } from "@main/datasets/conversations";
import type { DatasetLibrary } from "@main/datasets/library";
import { validationIndices } from "@main/datasets/split";
import { questionOf } from "@main/jobs/prepare";
import { HoneError } from "@shared/errors";
import type { ChatMessage } from "@shared/models/dataset";
import type { Recipe } from "@shared/models/recipe";

/** More rows make a score finer than anyone can read. */
const mostRows = 500;

export interface HeldOutRow {
  readonly messages: readonly ChatMessage[];
  readonly expected: string;
}

export interface HeldOutRows {
  readonly rows: readonly HeldOutRow[];
  /** SHA-256 over questions and answers. */
  readonly digest: string;
}

/** Rows that the adapter has not been trained on: the dataset's own test rows, else those kept aside in its run. */
export async function heldOutRows(
  datasets: DatasetLibrary,
  datasetId: string,
  recipe: Pick<Recipe, "validationShare" | "seed"> | null,
): Promise<HeldOutRows> {
  const dataset = datasets.get(datasetId);
  const files = datasets.files(datasetId);
  const aside =
    dataset.testRows > 0 || !recipe ? undefined : validationIndices(dataset.rows, recipe.validationShare, recipe.seed);
  const rows: HeldOutRow[] = [];
  if (dataset.format !== "text" && (aside?.size ?? dataset.testRows) > 0) {
    let index = 0;
    for await (const { messages } of readConversations(aside ? files.conversations : files.test)) {
      if (aside && !aside.has(index++)) continue;
      const question = questionOf(messages);
      if (question) rows.push(question);
      if (rows.length === mostRows) break;
    }
  }
  if (rows.length === 0) {
    throw new HoneError(
      "score.no-rows",
      `The dataset "${dataset.name}" has no held-out questions to score on.`,
      "Train with a validation share above 0, on rows that are questions with answers.",
    );
  }
  return { rows, digest: createHash("sha256").update(JSON.stringify(rows)).digest("hex") };
}
