import { usualTime } from "./clock";
import { exchange, type Topic } from "./exchange";
import { madeUpWord } from "./made-up";
import * as ask from "./requests";
import type { Values } from "./values";

/*
 * Filling in forms: the user gives a request and a form with blanks, in any punctuation; the assistant copies each value
 * into its place. Later requests of the talk are put into the same form.
 */
type AnyRequest = (values: Values, choices: ask.Choices) => ask.Request<object>;

const requests: readonly AnyRequest[] = [
  ask.alarmRequest,
  ask.timerRequest,
  ask.messageRequest,
  ask.messageRequest,
  ask.callRequest,
  ask.reminderRequest,
  ask.reminderRequest,
  ask.shoppingRequest,
  ask.wayRequest,
  ask.weatherRequest,
  ask.musicRequest,
  ask.noteRequest,
  ask.lightRequest,
  ask.appRequest,
];

const labels: Readonly<Record<string, readonly string[]>> = {
  time: ["time", "when", "clock", "at"],
  minutes: ["minutes", "how long", "length", "number"],
  to: ["to", "who", "name", "where", "person"],
  text: ["words", "text", "what", "message", "news"],
  who: ["who", "name", "person", "call"],
  what: ["what", "do", "words", "job"],
  item: ["thing", "item", "buy", "list"],
  place: ["place", "town", "where"],
  title: ["song", "title", "music", "play"],
  room: ["room", "where", "place"],
  state: ["state", "light", "how"],
  app: ["app", "open", "name"],
};

const brackets = ['""', '""', '""', "()", "[]", "<>", "{}", "''", "**", "__", "||"];
const links = [":", ": ", "=", " = ", " is ", " - ", "/"];
const gaps = [", ", ",", "; ", " and ", " ", " + "];

interface Form {
  readonly labels: readonly string[];
  readonly brackets: string;
  readonly link: string;
  readonly gap: string;
}

function form(values: Values, slots: object): Form {
  const { random } = values;
  const named = random.chance(0.8);
  const quoted = random.chance(0.4);
  return {
    labels: Object.keys(slots).map((slot) => {
      const label = named
        ? random.pick(labels[slot] ?? [slot])
        : random.chance(0.5)
          ? madeUpWord(random)
          : values.jumble(1);
      return quoted ? `"${label}"` : label;
    }),
    brackets: random.pick(brackets),
    link: random.pick(links),
    gap: random.pick(gaps),
  };
}

function fill({ labels: names, brackets: [open, close], link, gap }: Form, contents: readonly string[]): string {
  return names.map((label, index) => `${label}${link}${open}${contents[index] ?? ""}${close}`).join(gap);
}

function ended(text: string): string {
  return /[.?!]$/.test(text) ? text : `${text}.`;
}

export const fillIn: Topic = (values) => {
  const { random } = values;
  const choices = ask.freeChoices(values, () => usualTime(random));
  const request = random.pick(requests);
  const { text, slots } = request(values, choices);
  const blank = form(values, slots);
  const contents = Object.values(slots).map(String);
  const empty = fill(blank, []);
  const question = random.pick([
    `${ended(text)} Fill in ${empty}`,
    `Fill in ${empty} for this: ${text}`,
    `${ended(text)} Write it as ${empty}`,
    `${empty} ${text}`,
  ]);
  const exchanges = [exchange(question, fill(blank, contents))];
  while (random.chance(0.4)) {
    const next = request(values, choices);
    if (Object.keys(next.slots).length !== contents.length) break;
    exchanges.push(exchange(next.text, fill(blank, Object.values(next.slots).map(String))));
  }
  return exchanges;
};

/** One value of a request, asked for by itself. */
export const onePart: Topic = (values) => {
  const { random } = values;
  const { text, slots } = random.pick(requests)(
    values,
    ask.freeChoices(values, () => usualTime(random)),
  );
  const [slot, content] = random.pick(Object.entries(slots)) as [string, string | number];
  const label = random.pick(labels[slot] ?? [slot]);
  const [open, close] = random.pick(brackets) as string;
  const question = random.pick([`${ended(text)} ${label}?`, `${label}? ${text}`, `${ended(text)} Only the ${label}.`]);
  return [exchange(question, random.pick([`${content}`, `${open}${content}${close}`, `"${content}"`]))];
};
