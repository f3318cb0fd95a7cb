import type { Importer } from "@main/datasets/importers/importer";
import { checkConversation, readRole } from "@main/datasets/importers/messages";
import { objectRow, refuse, textField } from "@main/datasets/importers/shape";
import { limits } from "@main/datasets/raw-row";
import type { ChatMessage } from "@shared/models/dataset";

const speakers: Readonly<Record<string, ChatMessage["role"]>> = {
  human: "user",
  user: "user",
  gpt: "assistant",
  assistant: "assistant",
  chatgpt: "assistant",
  bot: "assistant",
  model: "assistant",
  system: "system",
};

export const sharegpt: Importer = {
  format: "sharegpt",
  recognise: (row) => (Array.isArray(row.conversations) ? 'a list "conversations"' : null),
  read: (row) => {
    const turns = row.conversations;
    if (!Array.isArray(turns)) return refuse("conversations", "a list of turns", turns);
    if (turns.length > limits.messages) return refuse("conversations", `at most ${limits.messages} turns`, turns);
    const spoken = turns.map((item: unknown, index): ChatMessage => {
      const place = `conversations[${index}]`;
      if (item === null || typeof item !== "object") return refuse(place, "an object with from and value", item);
      const turn = objectRow(item);
      if (typeof turn.value !== "string") return refuse(`${place}.value`, "text", turn.value);
      return { role: readRole(`${place}.from`, turn.from, speakers), content: textField(turn, "value") };
    });
    const system = typeof row.system === "string" && row.system.trim() !== "" && spoken[0]?.role !== "system";
    return checkConversation(
      "conversations",
      system ? [{ role: "system", content: String(row.system) }, ...spoken] : spoken,
    );
  },
};
