import { Random } from "../random";
import { calendar, clockTalk, minutes, numbers, signs, timetable } from "./clock-talk";
import * as errands from "./errands";
import type { Exchange, Topic } from "./exchange";
import { fillIn, onePart } from "./forms";
import { everyday } from "./lexicon";
import { factAtOnce, factsLater, greetingByName, whoIsWho } from "./memory";
import { list, pair, quote, say, spell } from "./repeating";
import { feeling, hobby, itself, mention } from "./small-talk";
import { everydayFacts, larkhill } from "./small-world";
import { anyStory, story } from "./stories";
import { Values } from "./values";

/** Who speaks, and what is said. */
export interface Message {
  readonly role: "system" | "user" | "assistant";
  readonly content: string;
}

const topics: readonly (readonly [weight: number, topic: Topic])[] = [
  [7, errands.alarm],
  [3, errands.timer],
  [10, errands.message],
  [4, errands.call],
  [7, errands.reminder],
  [4, errands.shopping],
  [4, errands.way],
  [2, errands.weather],
  [4, errands.music],
  [4, errands.note],
  [2, errands.light],
  [2, errands.app],
  [9, say],
  [5, quote],
  [4, list],
  [4, pair],
  [2, spell],
  [6, factAtOnce],
  [5, factsLater],
  [4, whoIsWho],
  [1, greetingByName],
  [6, clockTalk],
  [2, timetable],
  [3, numbers],
  [2, minutes],
  [1, calendar],
  [2, signs],
  [5, itself],
  [2, feeling],
  [1, hobby],
  [3, mention],
  [2, story],
  [1, anyStory],
  [1, larkhill],
  [2, everydayFacts],
  [28, fillIn],
  [8, onePart],
];

const systemPrompts = [
  "You are a helpful assistant.",
  "You are Hone Starter, a small and friendly model.",
  "Answer in plain English.",
  "Be kind and short.",
];

/** One conversation of one to five topics; one in fourteen begins with a system message. */
export function conversation(random: Random): readonly Message[] {
  const values = new Values(random, everyday, random.pick([0, 0.2, 0.2, 0.5, 0.9]), 0.5);
  const exchanges: Exchange[] = [];
  const count = random.weighted([
    [4, 1],
    [3, 2],
    [2, 3],
    [1, 5],
  ] as const);
  for (let i = 0; i < count; i++) exchanges.push(...random.weighted(topics)(values));
  const messages: Message[] = exchanges.flatMap(({ user, assistant }) => [
    { role: "user", content: user },
    { role: "assistant", content: assistant },
  ]);
  return random.chance(0.07) ? [{ role: "system", content: random.pick(systemPrompts) }, ...messages] : messages;
}

/** The corpus is conversations 0 … n−1 of a seed; each has its own generator, so any part can be made alone. */
export function corpusConversation(seed: string, index: number): readonly Message[] {
  return conversation(new Random(`${seed}/corpus/${index}`));
}
