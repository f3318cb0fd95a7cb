import { usualTime } from "./clock";
import { exchange, type Topic } from "./exchange";
import * as ask from "./requests";
import type { Values } from "./values";

/*
 * What a person asks of a helper, answered in plain English with the value written out: time as digits, message in quotes.
 */
const free = (values: Values) => ask.freeChoices(values, () => usualTime(values.random));

/** A topic of one exchange: the request, and one of the answers. */
function errand<Slots>(
  request: (values: Values, choices: ask.Choices) => ask.Request<Slots>,
  answers: (slots: Slots, values: Values) => readonly string[],
): Topic {
  return (values) => {
    const { text, slots } = request(values, free(values));
    return [exchange(text, values.random.pick(answers(slots, values)))];
  };
}

export const alarm = errand(ask.alarmRequest, ({ time }) => [
  `Okay, I will wake you at ${time}.`,
  `Your alarm is set for ${time}.`,
  `I will wake you at ${time}.`,
  `The alarm is at ${time}.`,
]);

export const timer = errand(ask.timerRequest, ({ minutes }) => [
  `Okay, ${minutes} minutes from now.`,
  `The timer runs for ${minutes} minutes.`,
]);

export const message = errand(ask.messageRequest, ({ to, text }) => [
  `Okay, I will tell ${to}: "${text}"`,
  `I wrote "${text}" to ${to}.`,
  `My message to ${to} says "${text}".`,
  `"${text}" is on its way to ${to}.`,
]);

export const call = errand(ask.callRequest, ({ who }) => [
  `Calling ${who} now.`,
  `Okay, I am calling ${who}.`,
  `Ringing "${who}".`,
]);

export const reminder = errand(ask.reminderRequest, ({ what, time }) =>
  time === undefined
    ? [`Okay, I will remind you to ${what}.`, `I will remind you: "${what}"`]
    : [
        `Okay, at ${time} I will remind you to ${what}.`,
        `I will remind you at ${time}: "${what}"`,
        `"${what}" at ${time}, okay.`,
      ],
);

export const shopping = errand(ask.shoppingRequest, ({ item }) => [
  `I put ${item} on your list.`,
  `"${item}" is on the list now.`,
  `Okay, ${item}.`,
]);

export const way = errand(ask.wayRequest, ({ to }) => [
  `Here is the way to ${to}.`,
  `Okay, let us go to ${to}.`,
  `I will take you to "${to}".`,
]);

const skies = ["sunny", "rainy", "cloudy", "windy", "cold", "warm", "foggy", "snowy"] as const;

export const weather = errand(ask.weatherRequest, ({ place }, { random }) => [
  `I think it is ${random.pick(skies)} in ${place}.`,
  `Look at the sky over ${place}!`,
  `I cannot see the sky over "${place}" from here.`,
]);

export const music = errand(ask.musicRequest, ({ title }) => [
  `Now playing ${title}.`,
  `Here comes "${title}".`,
  `I love ${title}!`,
]);

export const note = errand(ask.noteRequest, ({ text }) => [
  `I wrote down: "${text}"`,
  `Noted: ${text}.`,
  `My notes now say "${text}".`,
]);

export const light = errand(ask.lightRequest, ({ room, state }) => [
  `The light in the ${room} is ${state}.`,
  `Okay, "${room}" is ${state}.`,
]);

export const app = errand(ask.appRequest, ({ app: name }) => [
  `Opening ${name}.`,
  `The ${name} is open.`,
  `Here is your "${name}".`,
]);
