import { digital, everyTime, spokenTime } from "@main/starter/recipe/corpus/clock";
import { corpusConversation } from "@main/starter/recipe/corpus/conversation";
import { waysToSay } from "@main/starter/recipe/corpus/durations";
import { madeUpWord } from "@main/starter/recipe/corpus/made-up";
import { numberWord } from "@main/starter/recipe/corpus/numbers";
import { Random } from "@main/starter/recipe/random";
import { describe, expect, it } from "vitest";

const firstConversations = (seed: string, count: number) =>
  Array.from({ length: count }, (_, index) => corpusConversation(seed, index));

describe("the corpus", () => {
  it("is the same for the same seed and another for another seed", () => {
    expect(firstConversations("one", 50)).toEqual(firstConversations("one", 50));
    expect(firstConversations("one", 50)).not.toEqual(firstConversations("two", 50));
  });

  it("has conversations in which user and assistant take turns, after a system message in some", () => {
    const conversations = firstConversations("turns", 400);
    for (const messages of conversations) {
      const turns = messages[0]?.role === "system" ? messages.slice(1) : messages;
      expect(turns.length % 2).toBe(0);
      turns.forEach(({ role, content }, index) => {
        expect(role).toBe(index % 2 === 0 ? "user" : "assistant");
        expect(content.trim()).toBe(content);
        expect(content).not.toBe("");
        expect(content).not.toMatch(/undefined|<\||\n| {2}/);
      });
    }
    expect(conversations.some((messages) => messages[0]?.role === "system")).toBe(true);
  });

  it("never shows a tool call", () => {
    const text = JSON.stringify(firstConversations("calls", 2000));
    expect(text).not.toMatch(/set_alarm|send_message|tool\\":/);
  });
});

describe("times", () => {
  it.each([
    [{ hour: 6, minute: 30 }, ["half past six", "6:30 am", "06:30", "six thirty in the morning"]],
    [{ hour: 18, minute: 0 }, ["6 pm", "six o'clock in the evening", "18:00"]],
    [{ hour: 8, minute: 45 }, ["quarter to nine", "8:45"]],
    [{ hour: 12, minute: 45 }, ["quarter to one"]],
    [{ hour: 12, minute: 0 }, ["noon", "twelve o'clock"]],
  ])("says %o in the ways people say it", (time, expected) => {
    const random = new Random("times");
    const said = new Set(Array.from({ length: 3000 }, () => spokenTime(random, time)));
    for (const way of expected) expect(said).toContain(way);
  });

  it("never says two times of day in the same words", () => {
    const random = new Random("ambiguity");
    const meaning = new Map<string, string>();
    for (const time of everyTime) {
      for (let i = 0; i < 40; i++) {
        const said = spokenTime(random, time);
        expect(meaning.get(said) ?? digital(time)).toBe(digital(time));
        meaning.set(said, digital(time));
      }
    }
  });
});

describe("numbers and words", () => {
  it("writes numbers and durations out", () => {
    expect([0, 7, 13, 42, 90, 100, 117].map(numberWord)).toEqual([
      "zero",
      "seven",
      "thirteen",
      "forty-two",
      "ninety",
      "one hundred",
      "one hundred and seventeen",
    ]);
    expect(() => numberWord(200)).toThrow("no word for 200");
    expect(waysToSay(30)).toEqual(["half an hour", "thirty minutes", "30 minutes"]);
    expect(waysToSay(120)).toEqual(["two hours"]);
  });

  it("makes up words of three to eleven letters that hardly ever repeat", () => {
    const random = new Random("words");
    const words = Array.from({ length: 1000 }, () => madeUpWord(random));
    for (const word of words) expect(word).toMatch(/^[a-z]{3,11}$/);
    expect(new Set(words).size).toBeGreaterThan(900);
  });
});
