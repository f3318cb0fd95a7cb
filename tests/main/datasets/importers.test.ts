import { importerOf } from "@main/datasets/importers/all";
import type { Row } from "@main/datasets/importers/shape";
import { RowRefusal } from "@main/datasets/raw-row";
import type { DatasetFormat } from "@shared/models/dataset";
import { describe, expect, it } from "vitest";

const read = (format: DatasetFormat, row: Row) => importerOf(format).read(row);
const refusal = (format: DatasetFormat, row: Row) => {
  try {
    return read(format, row);
  } catch (error) {
    if (error instanceof RowRefusal) return error.message;
    throw error;
  }
};
const turn = (role: string, content: string) => ({ role, content });

describe("messages", () => {
  it("keep roles and text, parts joined", () => {
    expect(
      read("messages", {
        messages: [
          turn("developer", "be kind"),
          turn("user", "hi"),
          {
            role: "assistant",
            content: [
              { type: "text", text: "he" },
              { type: "text", text: "llo" },
            ],
          },
        ],
      }),
    ).toEqual([turn("system", "be kind"), turn("user", "hi"), turn("assistant", "hello")]);
  });

  it("are refused with the field, what was expected and what was found", () => {
    expect(refusal("messages", {})).toBe('Field "messages": expected a list of messages, found nothing.');
    expect(refusal("messages", { messages: [turn("user", "a"), { role: "assistant", content: 5 }] })).toBe(
      'Field "messages[1].content": expected text, found the number 5.',
    );
    expect(refusal("messages", { messages: [turn("tool", "a")] })).toMatch(
      /^Field "messages\[0\].role": expected one of system, .* found the text "tool"\.$/,
    );
    expect(refusal("messages", { messages: ["hi"] })).toMatch(
      'expected an object with role and content, found the text "hi"',
    );
    expect(refusal("messages", { messages: [turn("user", "a"), turn("system", "b"), turn("assistant", "c")] })).toMatch(
      "at the beginning only",
    );
    expect(refusal("messages", { messages: [turn("user", "a"), { role: "assistant", content: null }] })).toMatch(
      "found null",
    );
  });

  it("need an answer that says something", () => {
    expect(refusal("messages", { messages: [] })).toMatch("the conversation is empty");
    expect(refusal("messages", { messages: [turn("user", "a")] })).toMatch("no message of the assistant");
    expect(refusal("messages", { messages: [turn("user", "a"), turn("assistant", " ")] })).toMatch(
      "every answer is empty text",
    );
  });
});

describe("the other formats", () => {
  it("ShareGPT: speakers become roles", () => {
    expect(
      read("sharegpt", {
        system: "be kind",
        conversations: [
          { from: "human", value: "hi" },
          { from: "gpt", value: "hello" },
        ],
      }),
    ).toEqual([turn("system", "be kind"), turn("user", "hi"), turn("assistant", "hello")]);
    expect(refusal("sharegpt", { conversations: [{ from: "function", value: "x" }] })).toMatch(
      '"conversations[0].from": expected one of human',
    );
  });

  it("alpaca: the input follows the instruction", () => {
    expect(read("alpaca", { instruction: "Add", input: "1 2", output: "3" })).toEqual([
      turn("user", "Add\n\n1 2"),
      turn("assistant", "3"),
    ]);
    expect(read("alpaca", { instruction: "Add", input: "", output: "3" })).toEqual([
      turn("user", "Add"),
      turn("assistant", "3"),
    ]);
    expect(refusal("alpaca", { instruction: "Add", output: "" })).toBe(
      'Field "output": expected text that is not empty, found empty text.',
    );
  });

  it("prompt and completion: also under the names they have elsewhere", () => {
    expect(read("prompt-completion", { question: "a", answer: "b" })).toEqual([
      turn("user", "a"),
      turn("assistant", "b"),
    ]);
    expect(read("prompt-completion", { prompt: [turn("user", "a")], completion: [turn("assistant", "b")] })).toEqual([
      turn("user", "a"),
      turn("assistant", "b"),
    ]);
    expect(refusal("prompt-completion", { prompt: "a" })).toBe('Field "completion": expected text, found nothing.');
  });

  it("text: learned whole", () => {
    expect(read("text", { text: "Once upon a time" })).toEqual([turn("assistant", "Once upon a time")]);
    expect(refusal("text", { text: 7 })).toBe('Field "text": expected text, found the number 7.');
  });
});
