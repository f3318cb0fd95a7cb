import type { Row } from "@main/datasets/importers/shape";
import type { ChatMessage, DatasetFormat } from "@shared/models/dataset";

/** One format of examples. Formats know nothing of files: a CSV row and a JSON object look the same to them. */
export interface Importer {
  readonly format: DatasetFormat;
  /** What gives the format away in a row with these fields; null when it does not look like it. */
  recognise(row: Row): string | null;
  /** Throws `RowRefusal` where the row cannot be used. */
  read(row: Row): ChatMessage[];
}
