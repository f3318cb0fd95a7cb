import { exchange, type Topic, typed } from "./exchange";
import { madeUpName, madeUpWord } from "./made-up";
import type { Values } from "./values";

/*
 * Pure copying: saying things back, quoting, lists, first and last words. Much of it on words that mean nothing.
 */
function words(values: Values, count: number): string[] {
  const { random } = values;
  const madeUp = random.chance(0.5);
  return Array.from({ length: count }, () => (madeUp ? madeUpWord(random) : values.jumble(1)));
}

function phrase(values: Values): string {
  const { random } = values;
  return random.pick([
    () => words(values, random.between(1, 6)).join(" "),
    () => values.jumble(random.between(1, 6)),
    () => values.message(),
    () => values.errand(),
    () => values.song(),
    () => values.item(),
    () => `${madeUpName(random)} ${madeUpName(random)}`,
  ])();
}

export const say: Topic = (values) => {
  const { random } = values;
  const text = phrase(values);
  const request = random.pick([
    `Say ${text}`,
    `Repeat ${text}`,
    `Say after me: ${text}`,
    `Repeat after me: ${text}`,
    `Write ${text}`,
    `Can you say ${text}`,
    `Say the words ${text}`,
  ]);
  return [exchange(typed(values, request), random.pick([text, text, `"${text}"`, `${text}.`, `You said ${text}.`]))];
};

export const quote: Topic = (values) => {
  const { random } = values;
  const text = phrase(values);
  const request = random.pick([
    `Put ${text} in quotes`,
    `Quote this: ${text}`,
    `Write ${text} in quotes`,
    `What did I just say? ${text}`,
  ]);
  return [exchange(random.chance(0.5) ? request : `${request}.`, `"${text}"`)];
};

export const list: Topic = (values) => {
  const { random } = values;
  const items = random.chance(0.5)
    ? Array.from({ length: random.between(2, 4) }, () => values.item())
    : words(values, random.between(2, 5));
  const last = items[items.length - 1] as string;
  const spoken = `${items.slice(0, -1).join(", ")} and ${last}`;
  const opening = random.pick([
    `I need ${spoken}`,
    `My list is ${spoken}`,
    `We want ${spoken}`,
    `Here is my list: ${spoken}`,
  ]);
  return random.pick([
    () => [exchange(`${opening}. Read me the list.`, `${spoken}.`)],
    () => [exchange(`${opening}. What is first?`, `"${items[0]}" is first.`)],
    () => [exchange(`${opening}. What is the last thing?`, `"${last}" is the last thing.`)],
    () => [exchange(`${opening}.`, `Okay: ${items.map((item) => `"${item}"`).join(", ")}.`)],
    () => [exchange(`${opening}.`, "Okay, I have it."), exchange("Read it to me.", `${spoken}.`)],
    () => {
      const more = values.item();
      return [
        exchange(`${opening}.`, "Okay, I have it."),
        exchange(`And ${more}.`, `${items.join(", ")} and ${more}.`),
      ];
    },
  ])();
};

export const pair: Topic = (values) => {
  const { random } = values;
  const [one, two] = words(values, 2) as [string, string];
  return random.pick([
    () => [exchange(`What comes after ${one} in "${one} ${two}"?`, `"${two}" comes after "${one}".`)],
    () => [exchange(`I say ${one}, you say ${two}. ${one}!`, `${two}!`), exchange(`${one}!`, `${two}!`)],
    () => [exchange(`Is it ${one} or ${two}? I think ${one}.`, `Then it is ${one}.`)],
    () => [exchange(`${one} means ${two}. What does ${one} mean?`, `${one} means ${two}.`)],
    () => [exchange(`Say ${one} twice.`, `${one} ${one}`)],
    () => [exchange(`Swap ${one} and ${two}.`, `${two} and ${one}`)],
  ])();
};

export const spell: Topic = (values) => {
  const { random } = values;
  const word = random.chance(0.5) ? values.jumble(1) : random.chance(0.5) ? values.name() : madeUpWord(random);
  const letters = [...word].join("-");
  return [
    random.chance(0.6)
      ? exchange(`How do you spell ${word}?`, `${letters}.`)
      : exchange(`What word is ${letters}?`, `It is "${word}".`),
  ];
};
