import { alpaca } from "@main/datasets/importers/alpaca";
import type { Importer } from "@main/datasets/importers/importer";
import { messages } from "@main/datasets/importers/messages";
import { promptCompletion } from "@main/datasets/importers/prompt-completion";
import { sharegpt } from "@main/datasets/importers/sharegpt";
import { text } from "@main/datasets/importers/text";
import type { DatasetFormat } from "@shared/models/dataset";

/** In the order in which a guess prefers them. */
export const importers: readonly Importer[] = [messages, sharegpt, alpaca, promptCompletion, text];

export function importerOf(format: DatasetFormat): Importer {
  const found = importers.find((importer) => importer.format === format);
  if (!found) throw new Error(`No importer for ${format}`);
  return found;
}
