import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Template } from "@huggingface/jinja";
import { chatTemplate } from "@main/starter/recipe/chat-template";
import { corpusConversation } from "@main/starter/recipe/corpus/conversation";
import {
  asJsonLines,
  callOf,
  datasetSeed,
  datasetSizes,
  makeDataset,
  type Row,
  slotValues,
} from "@main/starter/recipe/dataset";
import { heldOut } from "@main/starter/recipe/held-out";
import { starterFiles, starterRecipe } from "@main/starter/starter";
import { recipeSchema } from "@shared/models/recipe";
import { describe, expect, it } from "vitest";

const [trainPath, testPath] = [starterFiles.train, starterFiles.test].map((file) => join("main/starter", file)) as [
  string,
  string,
];
const read = (path: string): Row[] =>
  readFileSync(path, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Row);
const train = read(trainPath);
const test = read(testPath);

const slotsOfTools: Readonly<Record<string, readonly string[]>> = {
  set_alarm: ["time"],
  set_timer: ["minutes"],
  send_message: ["to", "text"],
  call: ["who"],
  remind: ["what", "time"],
  add_to_list: ["item"],
  navigate: ["to"],
  weather: ["place"],
  play_music: ["title"],
  take_note: ["text"],
  light_on: ["room"],
  light_off: ["room"],
  open_app: ["app"],
};

describe("the starter recipe", () => {
  it("is a recipe", () => {
    expect(recipeSchema.parse(starterRecipe)).toEqual(starterRecipe);
  });
});

describe("the starter dataset", () => {
  it("is what the recipe makes", () => {
    const made = makeDataset(datasetSeed, datasetSizes);
    expect(asJsonLines(made.train)).toBe(readFileSync(trainPath, "utf8"));
    expect(asJsonLines(made.test)).toBe(readFileSync(testPath, "utf8"));
  });

  it("answers every request with exactly one call of a known tool", () => {
    for (const row of [...train, ...test]) {
      expect(row.messages.map(({ role }) => role)).toEqual(["user", "assistant"]);
      const { tool, ...slots } = callOf(row);
      expect(slotsOfTools[tool]).toEqual(expect.arrayContaining(Object.keys(slots)));
      expect(JSON.stringify({ tool, ...slots })).toBe(row.messages[1].content);
      if ("time" in slots) expect(slots.time).toMatch(/^([01]\d|2[0-3]):[0-5]\d$/);
      if ("minutes" in slots) expect(slots.minutes).toSatisfy(Number.isInteger);
    }
  });

  it("names every value but times and durations literally in the request", () => {
    for (const row of [...train, ...test]) {
      for (const [slot, value] of Object.entries(callOf(row))) {
        if (["tool", "time", "minutes"].includes(slot)) continue;
        expect(row.messages[0].content.toLowerCase()).toContain(String(value).toLowerCase());
      }
    }
  });

  it("has every tool in both parts and no request twice", () => {
    for (const rows of [train, test]) {
      expect(new Set(rows.map((row) => callOf(row).tool))).toEqual(new Set(Object.keys(slotsOfTools)));
    }
    const requests = [...train, ...test].map((row) => row.messages[0].content);
    expect(new Set(requests).size).toBe(requests.length);
  });

  it("tests with values that no training row has", () => {
    const known = new Set(train.flatMap((row) => slotValues(callOf(row))));
    for (const row of test) for (const value of slotValues(callOf(row))) expect(known).not.toContain(value);
  });

  it("tests with names and things that the corpus never mentions", () => {
    const corpus = Array.from({ length: 3000 }, (_, index) => corpusConversation("held-out", index));
    const said = new Set(
      JSON.stringify(corpus)
        .toLowerCase()
        .match(/[a-z]+/g),
    );
    const words = Object.values(heldOut).flat() as string[];
    for (const word of words) expect(said).not.toContain(word.toLowerCase());
  });

  it("renders under the chat template of the model", () => {
    const template = new Template(chatTemplate);
    for (const row of test.slice(0, 20)) {
      const [user, assistant] = row.messages;
      expect(template.render({ messages: [...row.messages], add_generation_prompt: false })).toBe(
        `<|im_start|>user\n${user.content}<|im_end|>\n<|im_start|>assistant\n${assistant.content}<|im_end|>\n`,
      );
    }
  });
});
