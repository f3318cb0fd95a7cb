import type { Importer } from "@main/datasets/importers/importer";
import { filledField } from "@main/datasets/importers/shape";

/** Kept as one message of the assistant; no template is put around it and every token is learned. */
export const text: Importer = {
  format: "text",
  recognise: (row) => ("text" in row ? '"text"' : null),
  read: (row) => [{ role: "assistant", content: filledField(row, "text") }],
};
