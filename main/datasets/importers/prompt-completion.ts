import type { Importer } from "@main/datasets/importers/importer";
import { checkConversation, readMessages } from "@main/datasets/importers/messages";
import { filledField, optionalField, type Row } from "@main/datasets/importers/shape";

/** Names under which question and answer are met in the wild, the format's own first. */
const pairs = [
  ["prompt", "completion"],
  ["prompt", "response"],
  ["question", "answer"],
  ["input", "output"],
  ["instruction", "response"],
  ["query", "response"],
  ["request", "response"],
] as const;

export const promptCompletion: Importer = {
  format: "prompt-completion",
  recognise: (row) => {
    const pair = findPair(row);
    return pair ? `"${pair[0]}" and "${pair[1]}"` : null;
  },
  read: (row) => {
    const [prompt, completion] = findPair(row) ?? pairs[0];
    if (Array.isArray(row[prompt])) {
      return checkConversation(completion, [
        ...readMessages(prompt, row[prompt]),
        ...readMessages(completion, row[completion]),
      ]);
    }
    const system = optionalField(row, "system");
    return [
      ...(system.trim() === "" ? [] : [{ role: "system" as const, content: system }]),
      { role: "user", content: filledField(row, prompt) },
      { role: "assistant", content: filledField(row, completion) },
    ];
  },
};

function findPair(row: Row): (typeof pairs)[number] | undefined {
  return pairs.find(([prompt, completion]) => prompt in row && completion in row);
}
