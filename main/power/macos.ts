import { outputOf } from "@main/power/output-of";
import type { PowerReading } from "@main/power/reading";

/** Per cent of its speed that the system leaves the processor: below is heat, above is none. */
const slowedDown = 60;
const nearlyFree = 90;

export async function readMacos(): Promise<PowerReading> {
  const [battery, heat] = await Promise.all([
    outputOf("pmset", ["-g", "batt"]).then(batteryIn),
    outputOf("pmset", ["-g", "therm"]).then(heatIn),
  ]);
  return { battery, heat };
}

/** The words of `pmset -g batt`: "Now drawing from 'Battery Power'" and "… 84%; discharging; 3:12 remaining". */
export function batteryIn(text: string): PowerReading["battery"] {
  const percent = /\s(\d{1,3})%;/.exec(text)?.[1];
  if (percent === undefined) return null;
  return { discharging: /drawing from 'Battery Power'/.test(text), percent: Number(percent) };
}

/** The words of `pmset -g therm`: "CPU_Speed_Limit = 100". */
export function heatIn(text: string): PowerReading["heat"] {
  const limit = /CPU_Speed_Limit\s*=\s*(\d+)/.exec(text)?.[1];
  if (limit === undefined) return null;
  return { hot: Number(limit) < slowedDown, cool: Number(limit) >= nearlyFree, celsius: null };
}
