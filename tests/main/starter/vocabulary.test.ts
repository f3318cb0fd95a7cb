import { Template } from "@huggingface/jinja";
import { chatTemplate, render } from "@main/starter/recipe/chat-template";
import { corpusConversation } from "@main/starter/recipe/corpus/conversation";
import { tokenizerFile } from "@main/starter/recipe/tokenizer-file";
import { Encoder, pieces } from "@main/starter/recipe/tokens";
import { learnVocabulary } from "@main/starter/recipe/vocabulary";
import { describe, expect, it } from "vitest";

const texts = Array.from({ length: 3000 }, (_, index) => render(corpusConversation("vocabulary", index)));
const size = 2048;
const vocabulary = learnVocabulary(texts, size);
const encoder = new Encoder(vocabulary);
const tokensOf = (text: string) => encoder.encode(text).map((id) => vocabulary.tokens[id]);

describe("the vocabulary", () => {
  it("has the asked size, special tokens first, every byte, and no token twice", () => {
    expect(vocabulary.tokens).toHaveLength(size);
    expect(vocabulary.tokens.slice(0, 3)).toEqual(["<|endoftext|>", "<|im_start|>", "<|im_end|>"]);
    expect(new Set(vocabulary.tokens).size).toBe(size);
  });

  it("is the same for the same texts", () => {
    expect(learnVocabulary(texts, size)).toEqual(vocabulary);
  });

  it.each([
    "Hello, how are you?",
    '{"tool":"send_message","to":"Zoë","text":"I\'m late — sorry"}',
    "  two  spaces\n\nand lines\t",
    "日本語 and emoji 🙂",
    "<|im_start|>user\nhi<|im_end|>\n",
    "",
  ])("gives back %j", (text) => {
    expect(encoder.decode(encoder.encode(text))).toBe(text);
    expect(pieces(text).join("")).toBe(text);
  });

  it("encodes a name the same way after a space, after a quotation mark and alone", () => {
    for (const name of ["Anna", "Quillon", "Zerbrook"]) {
      const alone = tokensOf(name);
      expect(tokensOf(`Call ${name}`).slice(-alone.length)).toEqual(alone);
      expect(tokensOf(`"${name}"`).slice(1, -1)).toEqual(alone);
    }
  });

  it("keeps digits and JSON punctuation single", () => {
    expect(tokensOf('"06:30"}')).toEqual(['"', "0", "6", ":", "3", "0", '"', "}"]);
  });

  it("refuses to be larger than the texts allow", () => {
    expect(() => learnVocabulary(texts, 200_000)).toThrow(/the texts give only \d+ tokens, 200000 were asked for/);
  });
});

describe("the chat template", () => {
  it("renders like the code that made the corpus", () => {
    const template = new Template(chatTemplate);
    for (let index = 0; index < 50; index++) {
      const messages = corpusConversation("template", index);
      expect(template.render({ messages: [...messages], add_generation_prompt: false })).toBe(render(messages));
    }
    expect(template.render({ messages: [{ role: "user", content: "hi" }], add_generation_prompt: true })).toBe(
      "<|im_start|>user\nhi<|im_end|>\n<|im_start|>assistant\n",
    );
  });
});

describe("the tokenizer file", () => {
  it("is GGUF version 3 without tensors, and names the model", () => {
    const bytes = tokenizerFile(vocabulary);
    expect(bytes.subarray(0, 4).toString("latin1")).toBe("GGUF");
    expect(bytes.readUInt32LE(4)).toBe(3);
    expect(bytes.readBigUInt64LE(8)).toBe(0n);
    for (const text of [
      "general.name",
      "Hone Starter",
      "Apache-2.0",
      "tokenizer.ggml.merges",
      "smollm",
      chatTemplate,
    ]) {
      expect(bytes.includes(text)).toBe(true);
    }
  });
});
