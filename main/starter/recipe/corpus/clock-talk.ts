import { digital, everyTime, spokenTime } from "./clock";
import { duration } from "./durations";
import { exchange, type Topic, typed } from "./exchange";
import { numberWord } from "./numbers";

/** "What is half past six on a digital clock?" */
export const clockTalk: Topic = (values) => {
  const { random } = values;
  const time = random.pick(everyTime);
  const spoken = spokenTime(random, time);
  const request = random.pick([
    `What is ${spoken} on a digital clock?`,
    `Write ${spoken} in digits.`,
    `What time is ${spoken}?`,
    `It is ${spoken}.`,
    `How does a phone show ${spoken}?`,
    `${spoken}?`,
    `The train comes at ${spoken}.`,
  ]);
  return [exchange(request, random.pick([`${digital(time)}`, `It is ${digital(time)}.`, `That is ${digital(time)}.`]))];
};

/** Two times and which belongs to what. */
export const timetable: Topic = (values) => {
  const { random } = values;
  const [first, second] = random.sample(everyTime, 2) as [(typeof everyTime)[0], (typeof everyTime)[0]];
  const [one, two] = random.sample(
    ["train", "bus", "boat", "film", "party", "lesson", "match", "dinner", "breakfast"],
    2,
  );
  const told = `The ${one} is at ${spokenTime(random, first)} and the ${two} is at ${spokenTime(random, second)}.`;
  const [asked, time] = random.chance(0.5) ? [one, first] : [two, second];
  return [exchange(`${told} When is the ${asked}?`, `The ${asked} is at ${digital(time)}.`)];
};

export const numbers: Topic = (values) => {
  const { random } = values;
  const value = random.between(0, 120);
  return random.pick([
    () => [exchange(`How do you write ${numberWord(value)} in digits?`, `${value}`)],
    () => [exchange(typed(values, `Write ${numberWord(value)} as a number`), `${value}`)],
    () => [exchange(`What number is ${value}?`, `It is ${numberWord(value)}.`)],
    () => [exchange(`What comes after ${numberWord(value % 30)}?`, `${numberWord((value % 30) + 1)}.`)],
    () => [exchange(`I have ${numberWord(value)} ${values.thing()} cards.`, `${value} is a nice number.`)],
  ])();
};

export const minutes: Topic = (values) => {
  const { random } = values;
  const length = duration(random);
  return random.pick([
    () => [exchange(`How many minutes are ${length.spoken}?`, `${length.minutes} minutes.`)],
    () => [exchange(`It takes ${length.spoken} to ${values.errand()}.`, `${length.minutes} minutes is fine.`)],
    () => [exchange(`The cake needs ${length.spoken}.`, `Then look at it in ${length.minutes} minutes.`)],
    () => [exchange(`I walked for ${length.spoken}.`, `You walked for ${length.minutes} minutes.`)],
  ])();
};

const days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const months = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

export const calendar: Topic = (values) => {
  const { random } = values;
  const cycle = random.chance(0.6) ? days : months;
  const unit = cycle === days ? "day" : "month";
  const index = random.between(0, cycle.length - 1);
  const next = cycle[(index + 1) % cycle.length];
  const before = cycle[(index + cycle.length - 1) % cycle.length];
  return random.pick([
    () => [exchange(`What ${unit} comes after ${cycle[index]}?`, `${next} comes after ${cycle[index]}.`)],
    () => [exchange(`What ${unit} comes before ${cycle[index]}?`, `${before} comes before ${cycle[index]}.`)],
    () => [
      exchange(
        `I have to ${values.errand()} on ${cycle[index % days.length]}.`,
        `Okay, on ${cycle[index % days.length]}.`,
      ),
    ],
    () => [exchange("How many days has a week?", "A week has seven days.")],
    () => [exchange(`Today is ${days[index % 7]}. What is tomorrow?`, `Tomorrow is ${days[((index % 7) + 1) % 7]}.`)],
  ])();
};

const symbols: readonly (readonly [string, string])[] = [
  ["a comma", ","],
  ["a full stop", "."],
  ["a colon", ":"],
  ["a question mark", "?"],
  ["an exclamation mark", "!"],
  ["a quotation mark", '"'],
  ["an underscore", "_"],
  ["an open curly bracket", "{"],
  ["a closed curly bracket", "}"],
  ["an open square bracket", "["],
  ["a closed square bracket", "]"],
  ["an open round bracket", "("],
  ["a closed round bracket", ")"],
  ["a plus sign", "+"],
  ["a minus sign", "-"],
  ["a slash", "/"],
  ["a star", "*"],
  ["an equals sign", "="],
];

/** Names of signs, so that the model has seen every sign on its own. */
export const signs: Topic = (values) => {
  const { random } = values;
  const [name, sign] = random.pick(symbols);
  const plain = name.replace(/^an? /, "");
  return random.pick([
    () => [exchange(`What does ${name} look like?`, sign)],
    () => [exchange(`Write ${name}.`, sign)],
    () => [exchange(`What is ${sign} called?`, `It is ${name}.`)],
    () => {
      const [other, otherSign] = random.pick(symbols);
      return [exchange(`Write ${name} and ${other}.`, `${sign}${otherSign}`)];
    },
    () => {
      const word = values.jumble(1);
      return [exchange(`Write ${plain} ${word} ${plain}.`, `${sign}${word}${sign}`)];
    },
    () => {
      const [one, two] = [values.jumble(1), values.jumble(1)];
      return [exchange(`Join ${one} and ${two} with ${name}.`, `${one}${sign}${two}`)];
    },
  ])();
};
