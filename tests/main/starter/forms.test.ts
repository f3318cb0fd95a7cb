import { corpusConversation } from "@main/starter/recipe/corpus/conversation";
import { fillIn, onePart } from "@main/starter/recipe/corpus/forms";
import { everyday } from "@main/starter/recipe/corpus/lexicon";
import { blendedWord } from "@main/starter/recipe/corpus/made-up";
import { Values } from "@main/starter/recipe/corpus/values";
import { Random } from "@main/starter/recipe/random";
import { describe, expect, it } from "vitest";

const values = (seed: string) => new Values(new Random(seed), everyday, 0.5, 0.5);

describe("forms", () => {
  it("are filled in with values that stand in the request, or with its time or number in digits", () => {
    const drawn = values("forms");
    for (let i = 0; i < 500; i++) {
      const [first] = fillIn(drawn);
      const contents = first?.assistant.match(/[A-Za-z]{4,}/g) ?? [];
      for (const word of contents) expect(first?.user.toLowerCase()).toContain(word.toLowerCase());
    }
  });

  it("ask for one part of a request at a time", () => {
    const drawn = values("parts");
    for (let i = 0; i < 300; i++) {
      const [only, ...rest] = onePart(drawn);
      expect(rest).toEqual([]);
      expect(only?.assistant).not.toBe("");
    }
  });

  it("come up in the corpus, and tool calls never do", () => {
    const text = JSON.stringify(Array.from({ length: 300 }, (_, index) => corpusConversation("forms", index)));
    expect(text).toContain("Fill in");
    expect(text).not.toMatch(/set_alarm|send_message|tool\\":/);
  });
});

it("blends words from the head of one and the tail of another", () => {
  const random = new Random("blend");
  for (let i = 0; i < 200; i++) expect(blendedWord(random, ["umbrella", "tomato"])).toMatch(/^(um|to)[a-z]{1,9}$/);
});
