import type { Importer } from "@main/datasets/importers/importer";
import { describe, objectRow, refuse } from "@main/datasets/importers/shape";
import { limits, RowRefusal } from "@main/datasets/raw-row";
import type { ChatMessage } from "@shared/models/dataset";

const roles: Readonly<Record<string, ChatMessage["role"]>> = {
  system: "system",
  developer: "system",
  user: "user",
  human: "user",
  assistant: "assistant",
  model: "assistant",
};

export const messages: Importer = {
  format: "messages",
  recognise: (row) => (Array.isArray(row.messages) ? 'a list "messages"' : null),
  read: (row) => checkConversation("messages", readMessages("messages", row.messages)),
};

/** A list of {role, content}; `field` is its name for messages. */
export function readMessages(field: string, value: unknown): ChatMessage[] {
  if (!Array.isArray(value)) return refuse(field, "a list of messages", value);
  if (value.length > limits.messages) return refuse(field, `at most ${limits.messages} messages`, value);
  return value.map((item: unknown, index) => {
    const place = `${field}[${index}]`;
    if (item === null || typeof item !== "object" || Array.isArray(item))
      return refuse(place, "an object with role and content", item);
    const { role, content } = objectRow(item);
    return { role: readRole(`${place}.role`, role, roles), content: readContent(`${place}.content`, content) };
  });
}

export function readRole(
  field: string,
  value: unknown,
  known: Readonly<Record<string, ChatMessage["role"]>>,
): ChatMessage["role"] {
  const role = typeof value === "string" && Object.hasOwn(known, value) ? known[value] : undefined;
  return (
    role ??
    refuse(field, `one of ${Object.keys(known).join(", ")}`, value, "Tool calls and other roles cannot be trained yet.")
  );
}

/** Text, or a list of {type: "text", text} parts. */
function readContent(field: string, value: unknown): string {
  if (typeof value === "string") return value;
  if (!Array.isArray(value)) return refuse(field, "text", value);
  return value
    .map((part: unknown, index) => {
      const { type, text } = objectRow(part);
      if (type !== "text" || typeof text !== "string") {
        return refuse(
          `${field}[${index}]`,
          "a part of type text",
          type ?? part,
          "Images and other parts cannot be trained.",
        );
      }
      return text;
    })
    .join("");
}

/** What every conversation must keep, whatever format it came from. */
export function checkConversation(field: string, conversation: ChatMessage[]): ChatMessage[] {
  if (conversation.length === 0)
    throw new RowRefusal("dataset.row-empty", `Field "${field}": the conversation is empty.`, "");
  const late = conversation.findIndex((message, index) => message.role === "system" && index > 0);
  if (late > 0) refuse(`${field}[${late}]`, "the system message at the beginning only", "system");
  const answers = conversation.filter((message) => message.role === "assistant");
  if (answers.length === 0) {
    throw new RowRefusal(
      "dataset.row-no-answer",
      `Field "${field}": there is no message of the assistant, so nothing can be learned.`,
      "Add the answer that the model should give.",
    );
  }
  if (answers.every((message) => message.content.trim() === "")) {
    throw new RowRefusal(
      "dataset.row-empty",
      `Field "${field}": every answer is ${describe("")}.`,
      "Add the answer that the model should give.",
    );
  }
  return conversation;
}
