import { readConversations } from "@main/datasets/conversations";
import type { DatasetLibrary } from "@main/datasets/library";
import { validationIndices } from "@main/datasets/split";
import { questionOf } from "@main/jobs/prepare";
import { HoneError } from "@shared/errors";
import type { ChatMessage, Conversation } from "@shared/models/dataset";
import type { Recipe } from "@shared/models/recipe";

export interface HeldOutRow {
  readonly conversation: Conversation;
  /** Null in plain text. */
  readonly question: { readonly messages: readonly ChatMessage[]; readonly expected: string } | null;
}

/** At most `limit` rows that the adapter has not been trained on: the dataset's own test rows, else those kept aside in its run. */
export async function heldOutRows(
  datasets: DatasetLibrary,
  datasetId: string,
  recipe: Pick<Recipe, "validationShare" | "seed"> | null,
  limit: number,
): Promise<readonly HeldOutRow[]> {
  const dataset = datasets.get(datasetId);
  const files = datasets.files(datasetId);
  const aside =
    dataset.testRows > 0 || !recipe ? undefined : validationIndices(dataset.rows, recipe.validationShare, recipe.seed);
  const rows: HeldOutRow[] = [];
  if ((aside?.size ?? dataset.testRows) > 0) {
    let index = 0;
    for await (const conversation of readConversations(aside ? files.conversations : files.test)) {
      if (aside && !aside.has(index++)) continue;
      const question = dataset.format === "text" ? null : questionOf(conversation.messages);
      if (question || dataset.format === "text") rows.push({ conversation, question });
      if (rows.length === limit) break;
    }
  }
  if (rows.length === 0) {
    throw new HoneError(
      "score.no-rows",
      `The dataset "${dataset.name}" has no held-out rows to score on.`,
      "Train with a validation share above 0, or import the dataset with test rows.",
    );
  }
  return rows;
}
