import { HoneError } from "@shared/errors";

/** Templates come from strangers' files. What these do not stop, the supervisor of the engine process does. */
export const templateLimits = {
  sourceCharacters: 1 << 20,
  outputCharacters: 64 << 20,
  /** A conversation of a thousand messages takes a hundred thousand. */
  steps: 2_000_000,
  milliseconds: 4_000,
  /** Nested evaluations; the JavaScript stack holds more. */
  depth: 1_000,
  rangeLength: 100_000,
} as const;

export function tooMuch(what: string): HoneError {
  return new HoneError(
    "template.limit",
    `The chat template asks for too much: ${what}.`,
    "The template may be faulty or hostile.",
  );
}
