import { isDeepStrictEqual } from "node:util";
import type { Score, ScoreKind } from "@shared/models/score";

/** Longer answers are hardly ever the same to the letter, however good they are. */
const longAnswer = 200;

/** What counts as a good answer where nobody has said: JSON as JSON, short answers to the letter, long ones by their likelihood. */
export function guessKind(expected: readonly string[]): ScoreKind {
  if (expected.length === 0) return "loss";
  if (expected.every(isJsonContainer)) return "json";
  const lengths = expected.map(({ length }) => length).sort((one, other) => one - other);
  return (lengths[Math.floor(lengths.length / 2)] ?? 0) <= longAnswer ? "exact" : "loss";
}

/** Shares of good answers; spaces around them do not matter. */
export function judge(
  pairs: readonly { readonly expected: string; readonly answer: string }[],
): Pick<Score, "exactMatch" | "contains" | "jsonEqual"> {
  if (pairs.length === 0) return { exactMatch: null, contains: null, jsonEqual: null };
  const share = (good: (pair: { expected: string; answer: string }) => boolean) =>
    pairs.filter(({ expected, answer }) => good({ expected: expected.trim(), answer: answer.trim() })).length /
    pairs.length;
  return {
    exactMatch: share(({ expected, answer }) => answer === expected),
    contains: share(({ expected, answer }) => answer.includes(expected)),
    jsonEqual: pairs.every(({ expected }) => parse(expected) !== undefined)
      ? share(({ expected, answer }) => isDeepStrictEqual(parse(answer), parse(expected)))
      : null,
  };
}

/** An object or a list: a bare number or word is JSON, too, but nobody means it so. */
function isJsonContainer(text: string): boolean {
  const value = parse(text);
  return typeof value === "object" && value !== null;
}

/** Undefined where it is not JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
