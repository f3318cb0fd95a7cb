import type { Random } from "../random";
import { numberWord } from "./numbers";

/** A length of time as it is said, and in minutes. */
export interface Duration {
  readonly spoken: string;
  readonly minutes: number;
}

const named: readonly Duration[] = [
  { spoken: "a quarter of an hour", minutes: 15 },
  { spoken: "half an hour", minutes: 30 },
  { spoken: "an hour", minutes: 60 },
  { spoken: "one hour", minutes: 60 },
  { spoken: "an hour and a half", minutes: 90 },
  { spoken: "two hours", minutes: 120 },
  { spoken: "three hours", minutes: 180 },
];

/** Every way to say `minutes`, in words and in digits. */
export function waysToSay(minutes: number): readonly string[] {
  const special = named.filter((entry) => entry.minutes === minutes).map((entry) => entry.spoken);
  return minutes > 99 ? special : [...special, `${numberWord(minutes)} minutes`, `${minutes} minutes`];
}

/** 2 to 99 minutes and the usual hours. */
export function duration(random: Random): Duration {
  if (random.chance(0.15)) return random.pick(named);
  const minutes = random.chance(0.6) ? random.between(2, 60) : random.between(2, 99);
  return { spoken: random.pick(waysToSay(minutes)), minutes };
}
