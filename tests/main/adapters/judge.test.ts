import { guessKind, judge } from "@main/adapters/judge";
import { describe, expect, it } from "vitest";

describe("what counts as a good answer", () => {
  it("is guessed from the expected ones", () => {
    expect(guessKind(['{"a":1}', "[1]"])).toBe("json");
    expect(guessKind(["12", "7"])).toBe("exact");
    expect(guessKind(["yes", "no", '{"a":1}'])).toBe("exact");
    expect(guessKind([`${"a long story ".repeat(40)}`])).toBe("loss");
    expect(guessKind([])).toBe("loss");
  });

  it("is measured in every way at once", () => {
    expect(
      judge([
        { expected: '{"a": 1, "b": [2]}', answer: ' {"b":[2],"a":1}\n' },
        { expected: '{"a": 1}', answer: 'Here it is: {"a": 1}' },
        { expected: '{"a": 1}', answer: '{"a": 1}' },
        { expected: '{"a": 1}', answer: '{"a": "1"}' },
      ]),
    ).toEqual({ exactMatch: 0.25, contains: 0.5, jsonEqual: 0.5 });
  });

  it("says nothing about JSON where an expected answer is none, and nothing at all without answers", () => {
    expect(judge([{ expected: "yes", answer: "yes" }])).toEqual({ exactMatch: 1, contains: 1, jsonEqual: null });
    expect(judge([])).toEqual({ exactMatch: null, contains: null, jsonEqual: null });
  });
});
