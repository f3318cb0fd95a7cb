import { mkdir } from "node:fs/promises";
import { ConversationWriter, listConversations, readConversations } from "@main/datasets/conversations";
import { validationIndices } from "@main/datasets/split";
import { isFile, writeAtomic } from "@main/storage/files";
import type { TrainInput } from "@shared/engine/protocol";
import type { ChatMessage } from "@shared/models/dataset";
import type { Recipe } from "@shared/models/recipe";

const samplesPerRun = 3;

export interface RunFiles {
  readonly folder: string;
  readonly train: string;
  readonly validation: string;
}

/**
 * Writes the rows of a run as two files, once: a run that continues finds what it began with, whatever has become of the dataset.
 */
export async function prepareRows(files: RunFiles, source: string, rows: number, recipe: Recipe): Promise<void> {
  if ((await isFile(files.train)) && (await isFile(files.validation))) return;
  await mkdir(files.folder, { recursive: true });
  const aside = validationIndices(rows, recipe.validationShare, recipe.seed);
  await writeAtomic(files.validation, (validationFile) =>
    writeAtomic(files.train, async (trainFile) => {
      const train = new ConversationWriter(trainFile);
      const validation = new ConversationWriter(validationFile);
      let index = 0;
      for await (const conversation of readConversations(source)) {
        await (aside.has(index++) ? validation : train).write(conversation);
      }
    }),
  );
}

/** The first few rows that are not trained on (or, without any, that are) as questions with their known answers. */
export async function samplePrompts(files: RunFiles): Promise<TrainInput["samplePrompts"]> {
  const kept = await listConversations(files.validation, 0, samplesPerRun);
  const rows = kept.length > 0 ? kept : await listConversations(files.train, 0, samplesPerRun);
  return rows.flatMap(({ messages }) => questionOf(messages) ?? []);
}

/** A conversation up to its last answer, and that answer; null where the answer has no question. */
export function questionOf(messages: readonly ChatMessage[]): { messages: ChatMessage[]; expected: string } | null {
  const last = messages.findLastIndex(({ role }) => role === "assistant");
  const answer = messages[last];
  return answer && last > 0 ? { messages: messages.slice(0, last), expected: answer.content } : null;
}
