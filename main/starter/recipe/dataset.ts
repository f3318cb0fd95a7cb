import { usualTime } from "./corpus/clock";
import type { Message } from "./corpus/conversation";
import { waysToSay } from "./corpus/durations";
import { everyday, type Lexicon } from "./corpus/lexicon";
import * as ask from "./corpus/requests";
import { Values } from "./corpus/values";
import { heldOut, heldOutMinutes, heldOutTimes, trainingTimes } from "./held-out";
import { Random } from "./random";

/** What train.jsonl and test.jsonl are made from. */
export const datasetSeed = "hone-starter";
export const datasetSizes = { train: 1600, test: 200 } as const;

/** A call of one tool. The key order of the object is the order in the text. */
export interface ToolCall {
  readonly tool: string;
  readonly [slot: string]: string | number;
}

/** One row of the starter dataset: a request, and the answer that is exactly one tool call in JSON. */
export interface Row {
  readonly messages: readonly [Message, Message];
}

type Tool = (values: Values, choices: ask.Choices) => { readonly text: string; readonly call: ToolCall };

/** A tool whose slots stand in the call under the names that the request gives them. */
function tool<Slots extends object>(
  name: string,
  request: (values: Values, choices: ask.Choices) => ask.Request<Slots>,
): Tool {
  return (values, choices) => {
    const { text, slots } = request(values, choices);
    return { text, call: { tool: name, ...slots } };
  };
}

const lights: Tool = (values) => {
  const { text, slots } = ask.lightRequest(values);
  return { text, call: { tool: `light_${slots.state}`, room: slots.room } };
};

const tools: readonly (readonly [weight: number, tool: Tool])[] = [
  [18, tool("set_alarm", ask.alarmRequest)],
  [8, tool("set_timer", ask.timerRequest)],
  [18, tool("send_message", ask.messageRequest)],
  [8, tool("call", ask.callRequest)],
  [14, tool("remind", ask.reminderRequest)],
  [8, tool("add_to_list", ask.shoppingRequest)],
  [8, tool("navigate", ask.wayRequest)],
  [5, tool("weather", ask.weatherRequest)],
  [8, tool("play_music", ask.musicRequest)],
  [6, tool("take_note", ask.noteRequest)],
  [6, lights],
  [4, tool("open_app", ask.appRequest)],
];

/** Values of a call, each marked with its slot: `to=Anna`. */
export function slotValues(call: ToolCall): readonly string[] {
  return Object.entries(call).flatMap(([slot, value]) => (slot === "tool" ? [] : [`${slot}=${value}`]));
}

/** The call in an answer. */
export function callOf(row: Row): ToolCall {
  return JSON.parse(row.messages[1].content) as ToolCall;
}

interface Split {
  readonly rows: number;
  readonly lexicon: Lexicon;
  readonly madeUp: number;
  readonly blends: number;
  choices(random: Random): ask.Choices;
}

/** Rows with different requests, none of them with a value in `forbidden`. */
function draw(random: Random, split: Split, forbidden: ReadonlySet<string>): Row[] {
  const values = new Values(random, split.lexicon, split.madeUp, split.blends);
  const rows = new Map<string, Row>();
  while (rows.size < split.rows) {
    const { text, call } = random.weighted(tools)(values, split.choices(random));
    if (slotValues(call).some((value) => forbidden.has(value))) continue;
    rows.set(text.toLowerCase(), {
      messages: [
        { role: "user", content: text },
        { role: "assistant", content: JSON.stringify(call) },
      ],
    });
  }
  return [...rows.values()];
}

/** Training rows, and test rows none of whose slot values occurs in a training row. */
export function makeDataset(
  seed: string,
  sizes: { readonly train: number; readonly test: number },
): {
  readonly train: readonly Row[];
  readonly test: readonly Row[];
} {
  const trainingLengths = Array.from({ length: 98 }, (_, index) => index + 2)
    .concat([120, 180])
    .filter((minutes) => !heldOutMinutes.includes(minutes));
  const length = (random: Random, lengths: readonly number[]) => {
    const minutes = random.pick(lengths);
    return { minutes, spoken: random.pick(waysToSay(minutes)) };
  };
  const train = draw(
    new Random(`${seed}/train`),
    {
      rows: sizes.train,
      lexicon: everyday,
      madeUp: 0.5,
      blends: 0.5,
      choices: (random) => ({
        time: () => usualTime(random, trainingTimes),
        duration: () => length(random, trainingLengths),
        jumbles: 0.1,
      }),
    },
    new Set(),
  );
  const known = new Set(train.flatMap((row) => slotValues(callOf(row))));
  const test = draw(
    new Random(`${seed}/test`),
    {
      rows: sizes.test,
      lexicon: heldOut,
      madeUp: 0,
      blends: 0,
      choices: (random) => ({
        time: () => usualTime(random, heldOutTimes),
        duration: () => length(random, heldOutMinutes),
        jumbles: 0,
      }),
    },
    known,
  );
  return { train, test };
}

export function asJsonLines(rows: readonly Row[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join("");
}
