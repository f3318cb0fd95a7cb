import type { OpenedFile } from "@main/datasets/containers/open";
import type { Importer } from "@main/datasets/importers/importer";
import { objectRow } from "@main/datasets/importers/shape";
import { limits, RowRefusal } from "@main/datasets/raw-row";
import { HoneError } from "@shared/errors";
import type { Conversation, RowProblem } from "@shared/models/dataset";

/** Every row of a file in order: as a conversation, or why not. */
export async function* readRows(file: OpenedFile, importer: Importer): AsyncGenerator<Conversation | RowProblem> {
  let rows = 0;
  for await (const raw of file.rows()) {
    if (++rows > limits.rows) {
      throw new HoneError(
        "dataset.too-large",
        `The file has more than ${limits.rows} rows.`,
        "Split it into smaller files.",
      );
    }
    if ("refusal" in raw) {
      yield problemOf(raw.line, raw.refusal);
      continue;
    }
    try {
      yield { line: raw.line, messages: importer.read(objectRow(raw.value)) };
    } catch (error) {
      if (!(error instanceof RowRefusal)) throw error;
      yield problemOf(raw.line, error);
    }
  }
}

function problemOf(line: number, { code, message, hint }: RowRefusal): RowProblem {
  return { line, code, message, hint };
}
