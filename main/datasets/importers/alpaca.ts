import type { Importer } from "@main/datasets/importers/importer";
import { filledField, optionalField } from "@main/datasets/importers/shape";

export const alpaca: Importer = {
  format: "alpaca",
  recognise: (row) => ("instruction" in row && "output" in row ? '"instruction" and "output"' : null),
  read: (row) => {
    const instruction = filledField(row, "instruction");
    const input = optionalField(row, "input");
    const answer = filledField(row, "output");
    const system = optionalField(row, "system");
    return [
      ...(system.trim() === "" ? [] : [{ role: "system" as const, content: system }]),
      { role: "user", content: input.trim() === "" ? instruction : `${instruction}\n\n${input}` },
      { role: "assistant", content: answer },
    ];
  },
};
