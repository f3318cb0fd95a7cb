import type { Random } from "../random";
import { numberWord } from "./numbers";

/** A time of day. Spoken times without a part of the day mean the morning, and twelve means noon. */
export interface ClockTime {
  readonly hour: number; // 0 to 23
  readonly minute: number; // 0 to 59
}

export function digital({ hour, minute }: ClockTime): string {
  return `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;
}

const pastWords = new Map([
  [5, "five"],
  [10, "ten"],
  [15, "quarter"],
  [20, "twenty"],
  [25, "twenty-five"],
  [30, "half"],
]);

/** Face of the clock in words, on twelve hours: "half past six", "six thirty", "ten to seven". */
function faceInWords(random: Random, { hour, minute }: ClockTime): string {
  const face = hour % 12 === 0 ? 12 : hour % 12;
  const next = (face % 12) + 1;
  if (minute === 0) return random.pick([numberWord(face), `${numberWord(face)} o'clock`]);
  const past = pastWords.get(minute);
  if (past !== undefined && random.chance(0.75)) return `${past} past ${numberWord(face)}`;
  const to = pastWords.get(60 - minute);
  if (to !== undefined && minute > 30 && random.chance(0.75)) return `${to} to ${numberWord(next)}`;
  return `${numberWord(face)} ${minute < 10 ? `oh ${numberWord(minute)}` : numberWord(minute)}`;
}

/** "in the evening" and the like, or "" where the bare time already says the hour. */
function partOfDay(random: Random, hour: number): string {
  if (hour < 12) return random.chance(0.7) ? "" : " in the morning";
  if (hour === 12) return "";
  if (hour < 18) return " in the afternoon";
  return hour < 21 || random.chance(0.5) ? " in the evening" : " at night";
}

/** One way of saying the time: in words, "6 pm", "6:30 pm", "06:30". Hours 1 to 23; "quarter to one" is 12:45. */
export function spokenTime(random: Random, time: ClockTime): string {
  const { hour, minute } = time;
  const face = hour % 12 === 0 ? 12 : hour % 12;
  const kind = random.weighted([
    [6, "words"],
    [2, "suffix"],
    [2, "digits"],
  ] as const);
  if (kind === "words") {
    if (minute === 0 && hour === 12 && random.chance(0.5)) return "noon";
    return faceInWords(random, time) + partOfDay(random, hour);
  }
  if (kind === "suffix") {
    const suffix = hour < 12 ? "am" : "pm";
    return minute === 0 ? `${face} ${suffix}` : `${face}:${String(minute).padStart(2, "0")} ${suffix}`;
  }
  return random.chance(0.5) || hour > 9 ? digital(time) : `${hour}:${String(minute).padStart(2, "0")}`;
}

/** Every time of day at steps of five minutes from 01:00 to 23:55. */
export const everyTime: readonly ClockTime[] = Array.from({ length: 23 * 12 }, (_, index) => ({
  hour: 1 + Math.floor(index / 12),
  minute: (index % 12) * 5,
}));

/** Times as people want them: the full, half and quarter hours come up more often. */
export function usualTime(random: Random, times: readonly ClockTime[] = everyTime): ClockTime {
  for (;;) {
    const time = random.pick(times);
    if (time.minute % 15 === 0 || random.chance(0.6)) return time;
  }
}
