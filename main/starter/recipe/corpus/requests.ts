import { type ClockTime, digital, spokenTime } from "./clock";
import { type Duration, duration } from "./durations";
import { typed } from "./exchange";
import type { Values } from "./values";

/*
 * Ways to ask a helper for something. The corpus answers them in plain English, the starter dataset with tool calls.
 */

/** A request as typed, with the values that it names. */
export interface Request<Slots> {
  readonly text: string;
  readonly slots: Slots;
}

/** Where times and durations come from: the corpus uses all of them, the training rows leave some to the test rows. */
export interface Choices {
  time(): ClockTime;
  duration(): Duration;
  /** Share of messages and errands that are words in no order. */
  readonly jumbles: number;
}

export function alarmRequest(values: Values, choices: Choices): Request<{ time: string }> {
  const time = choices.time();
  const spoken = spokenTime(values.random, time);
  const text = values.random.pick([
    `Wake me at ${spoken}`,
    `Wake me up at ${spoken}`,
    `Set an alarm for ${spoken}`,
    `I want to get up at ${spoken}`,
    `I need an alarm at ${spoken}`,
    `Get me out of bed at ${spoken}`,
    `Alarm at ${spoken}`,
    `I have to be up by ${spoken}`,
  ]);
  return { text: typed(values, text), slots: { time: digital(time) } };
}

export function timerRequest(values: Values, choices: Choices): Request<{ minutes: number }> {
  const { spoken, minutes } = choices.duration();
  const text = values.random.pick([
    `Set a timer for ${spoken}`,
    `Start a timer for ${spoken}`,
    `Count down ${spoken}`,
    `Tell me when ${spoken} are over`,
    `Timer for ${spoken}`,
    `Give me ${spoken} on the timer`,
  ]);
  return { text: typed(values, text), slots: { minutes } };
}

export function messageRequest(values: Values, choices: Choices): Request<{ to: string; text: string }> {
  const { random } = values;
  const to = values.person();
  const what = random.chance(choices.jumbles) ? values.jumble(random.between(2, 6)) : values.message();
  const forms = [
    `Text ${to} that ${what}`,
    `Tell ${to} that ${what}`,
    `Write to ${to} that ${what}`,
    `Let ${to} know that ${what}`,
    `Send ${to} a message that ${what}`,
    `Message ${to}: ${what}`,
    `Send a text to ${to} saying ${what}`,
    `Text ${to}: ${what}`,
    `Say to ${to} that ${what}`,
  ];
  // "Tell Anna Ben is late" would not say where the name ends.
  if (/^(I|[a-z])/.test(what)) forms.push(`Tell ${to} ${what}`, `Tell ${to} ${what}`);
  return { text: typed(values, random.pick(forms)), slots: { to, text: what } };
}

export function callRequest(values: Values): Request<{ who: string }> {
  const who = values.person();
  const text = values.random.pick([
    `Call ${who}`,
    `Ring ${who}`,
    `Phone ${who}`,
    `I want to talk to ${who}`,
    `Give ${who} a call`,
    `Get ${who} on the phone`,
    `I need to speak to ${who}`,
  ]);
  return { text: typed(values, text), slots: { who } };
}

/** `time` is missing when the request names none. */
export function reminderRequest(values: Values, choices: Choices): Request<{ what: string; time?: string }> {
  const { random } = values;
  const what = random.chance(choices.jumbles) ? values.jumble(random.between(2, 5)) : values.errand();
  if (random.chance(0.45)) {
    const time = choices.time();
    const spoken = spokenTime(random, time);
    const text = random.pick([
      `Remind me at ${spoken} to ${what}`,
      `Remind me to ${what} at ${spoken}`,
      `At ${spoken} I have to ${what}`,
      `At ${spoken} remind me to ${what}`,
      `I must not forget to ${what} at ${spoken}`,
    ]);
    return { text: typed(values, text), slots: { what, time: digital(time) } };
  }
  const text = random.pick([
    `Remind me to ${what}`,
    `Don't let me forget to ${what}`,
    `I have to ${what}, remind me`,
    `I must remember to ${what}`,
    `Help me remember to ${what}`,
  ]);
  return { text: typed(values, text), slots: { what } };
}

export function shoppingRequest(values: Values): Request<{ item: string }> {
  const item = values.item();
  const text = values.random.pick([
    `Add ${item} to the shopping list`,
    `Put ${item} on the list`,
    `Put ${item} on my shopping list`,
    `We need ${item}`,
    `We are out of ${item}`,
    `I need to buy ${item}`,
    `Add ${item} to my list`,
    `Write ${item} on the shopping list`,
  ]);
  return { text: typed(values, text), slots: { item } };
}

export function wayRequest(values: Values): Request<{ to: string }> {
  const to = values.place();
  const [text, end] = values.random.pick([
    [`Take me to ${to}`, "."],
    [`How do I get to ${to}`, "?"],
    [`Show me the way to ${to}`, "."],
    [`I want to go to ${to}`, "."],
    [`Drive me to ${to}`, "."],
    [`Find the way to ${to}`, "."],
    [`Where is ${to}`, "?"],
  ] as const);
  return { text: typed(values, text, end), slots: { to } };
}

export function weatherRequest(values: Values): Request<{ place: string }> {
  const place = values.town();
  const [text, end] = values.random.pick([
    [`What is the weather in ${place}`, "?"],
    [`How is the weather in ${place}`, "?"],
    [`Is it raining in ${place}`, "?"],
    [`Do I need an umbrella in ${place}`, "?"],
    [`Tell me the weather for ${place}`, "."],
    [`Weather in ${place}`, "."],
    [`Is it cold in ${place}`, "?"],
  ] as const);
  return { text: typed(values, text, end), slots: { place } };
}

export function musicRequest(values: Values): Request<{ title: string }> {
  const title = values.song();
  const text = values.random.pick([
    `Play ${title}`,
    `Play the song ${title}`,
    `I want to hear ${title}`,
    `Put on ${title}`,
    `Can we listen to ${title}`,
    `Play ${title} for me`,
    `Let me hear ${title}`,
  ]);
  return { text: typed(values, text), slots: { title } };
}

export function noteRequest(values: Values): Request<{ text: string }> {
  const what = values.message();
  const text = values.random.pick([
    `Write down that ${what}`,
    `Make a note that ${what}`,
    `Take a note: ${what}`,
    `Note that ${what}`,
    `Make a note: ${what}`,
    `Keep in mind that ${what}`,
  ]);
  return { text: typed(values, text), slots: { text: what } };
}

export function lightRequest(values: Values): Request<{ room: string; state: "on" | "off" }> {
  const { random } = values;
  const room = values.room();
  const state = random.pick(["on", "off"] as const);
  const text = random.pick([
    `Turn ${state} the light in the ${room}`,
    `Turn the light in the ${room} ${state}`,
    `Switch ${state} the ${room} light`,
    `Lights ${state} in the ${room}`,
    `Turn the ${room} lights ${state}`,
    `Switch the lamp in the ${room} ${state}`,
  ]);
  return { text: typed(values, text), slots: { room, state } };
}

export function appRequest(values: Values): Request<{ app: string }> {
  const app = values.app();
  const text = values.random.pick([
    `Open the ${app}`,
    `Start the ${app} app`,
    `Open ${app}`,
    `Show me my ${app}`,
    `Launch ${app}`,
  ]);
  return { text: typed(values, text), slots: { app } };
}

/** Any time of day and any duration. */
export function freeChoices(values: Values, time: () => ClockTime): Choices {
  return { time, duration: () => duration(values.random), jumbles: 0.1 };
}
