import type { Values } from "./values";

/** A question and its answer. */
export interface Exchange {
  readonly user: string;
  readonly assistant: string;
}

/** A subject of conversation: the exchanges of one short talk, in order. */
export type Topic = (values: Values) => readonly Exchange[];

export function exchange(user: string, assistant: string): Exchange {
  return { user, assistant };
}

/** The request as different people type it: polite or not, with or without a capital letter and an end. */
export function typed(values: Values, text: string, end: "." | "?" = "."): string {
  const { random } = values;
  let result = text;
  const isOrder = !/^(I|We|My|At|What|How|Where|Is|Do|Can) /.test(text);
  const manners = isOrder ? random.next() : 1;
  if (manners < 0.08) result = `Please ${lowerFirst(result)}`;
  else if (manners < 0.14) result = `${result}, please`;
  else if (manners < 0.18) result = `Hey, ${lowerFirst(result)}`;
  else if (manners < 0.22 && end === ".") {
    result = `${random.pick(["Can you", "Could you", "Would you"])} ${lowerFirst(result)}`;
    return random.chance(0.6) ? `${result}?` : result;
  }
  if (random.chance(0.25)) result = lowerFirst(result);
  return random.chance(0.55) ? result + end : result;
}

/** First letter small, but "I" and names of one capital word at the start of a value stay as they are. */
export function lowerFirst(text: string): string {
  return /^I\b/.test(text) ? text : text.charAt(0).toLowerCase() + text.slice(1);
}
