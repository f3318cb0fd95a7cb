import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { assistantTexts } from "@main/chat-template/assistant-spans";
import { tokenMask } from "@main/chat-template/token-mask";
import { loadAddon } from "@main/engine/worker/addon";
import type { NativeModel } from "@shared/engine/addon";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cases, nameOf, templateOf } from "./fixtures";

const at = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const modelPath = (vocabulary: string) => at(`tests/fixtures/models/${vocabulary}`);

const usable = cases
  .map((one, index) => ({ name: nameOf(one, index), one }))
  .filter(({ one }) => one.error === undefined && existsSync(modelPath(one.vocabulary)));

const models = new Map<string, NativeModel>();
beforeAll(async () => {
  const addon = loadAddon(process.env.HONE_ADDON ?? at("out/native/hone.node"));
  for (const vocabulary of new Set([...usable.map(({ one }) => one.vocabulary), "llama-q4_0.gguf"])) {
    models.set(vocabulary, await addon.openModel(modelPath(vocabulary), { device: "cpu", threads: 1 }));
  }
});
afterAll(() => {
  for (const model of models.values()) model.close();
});

const opened = (vocabulary: string) => models.get(vocabulary) as NativeModel;
const tokensOf = (vocabulary: string, text: string) =>
  opened(vocabulary).tokenize(text, { addSpecial: false, parseSpecial: true });

describe("a rendered conversation", () => {
  it.each(usable)("has the recorded tokens: $name", ({ one }) => {
    expect([...tokensOf(one.vocabulary, one.text).ids]).toEqual(one.ids);
  });

  it.each(usable.filter(({ one }) => one.diff_mask !== null))("is learned where it was recorded: $name", ({ one }) => {
    const { examples, method } = assistantTexts(templateOf(one), one.messages, one.options);
    const [example] = examples;
    if (!example) throw new Error("there is no example");
    const byTags = method === "generation-tags";
    const endOfGeneration = new Set(opened(one.vocabulary).specialTokens().endOfGeneration);
    const mask = tokenMask(tokensOf(one.vocabulary, example.text), example, {
      endOfGeneration,
      method: byTags ? "tags" : "prefixes",
    });
    expect([...mask]).toEqual(byTags ? one.tag_mask : one.diff_mask);
  });
});

describe("a space of the tokenizer's own", () => {
  it("is learned with the answer it begins", () => {
    const text = "[INST] hi [/INST]</s>ünd</s>";
    const vocabulary = "llama-q4_0.gguf";
    const model = models.get(vocabulary) as NativeModel;
    const tokens = model.tokenize(text, { addSpecial: false, parseSpecial: true });
    const spans = [{ begin: text.indexOf("ünd"), end: text.length }];
    const endOfGeneration = new Set(model.specialTokens().endOfGeneration);
    const mask = tokenMask(tokens, { text, spans }, { endOfGeneration, method: "prefixes" });
    const first = mask.indexOf(1);
    expect(model.decode(tokens.ids.slice(first, first + 1), { showSpecial: true })).toBe("");
    expect(tokens.begin[first]).toBe(tokens.end[first]);
    expect(model.decode(tokens.ids.slice(first - 1), { showSpecial: true })).toBe("</s> ünd</s>");
  });
});

describe("the end of a turn", () => {
  const text = "<|im_start|>user\nhi<|im_end|>\n<|im_start|>assistant\nok<|im_end|>\n";
  const vocabulary = usable.find(({ one }) => one.text.includes("<|im_end|>"))?.one.vocabulary ?? "";
  const begin = text.indexOf("ok");
  const learned = (end: number, method: "tags" | "prefixes") => {
    const tokens = tokensOf(vocabulary, text);
    const endOfGeneration = new Set(opened(vocabulary).specialTokens().endOfGeneration);
    const mask = tokenMask(tokens, { text, spans: [{ begin, end }] }, { endOfGeneration, method });
    return opened(vocabulary).decode(
      tokens.ids.filter((_, index) => mask[index] === 1),
      { showSpecial: true },
    );
  };

  it("is learned even when the template's block stops before it", () => {
    expect(learned(begin + 2, "tags")).toBe("ok<|im_end|>");
    expect(learned(begin + "ok<|im_end|>".length, "tags")).toBe("ok<|im_end|>");
  });

  it("is the last that is learned when prefixes reach over the line's end", () => {
    expect(learned(text.length, "prefixes")).toBe("ok<|im_end|>");
  });
});
