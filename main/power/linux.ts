import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { PowerReading } from "@main/power/reading";

/** Degrees below the point at which the machine switches itself off: there it is time to stop. */
const beforeCritical = 5;
/** Degrees below its limit at which a machine that was too hot is cool again. */
const coolBelow = 15;
/** Sensors that report nothing give limits like these. */
const plausible = { low: 40, high: 150 };

/** `root` is "/sys". */
export async function readLinux(root: string): Promise<PowerReading> {
  const [battery, heat] = await Promise.all([readBattery(root), readHeat(root)]);
  return { battery, heat };
}

interface Supply {
  readonly type: string;
  /** "Device" for the battery of a mouse or a headset. */
  readonly scope: string;
  readonly online: boolean;
  readonly status: string;
  readonly now: number;
  readonly full: number;
}

async function readBattery(root: string): Promise<PowerReading["battery"]> {
  const folder = join(root, "class", "power_supply");
  const supplies = await Promise.all((await entries(folder)).map((name) => readSupply(join(folder, name))));
  const batteries = supplies.filter(({ type, scope, full }) => type === "Battery" && scope !== "Device" && full > 0);
  if (batteries.length === 0) return null;
  const fed = supplies.some(({ type, online }) => type !== "Battery" && online);
  const sum = (of: (supply: Supply) => number) => batteries.reduce((total, supply) => total + of(supply), 0);
  return {
    discharging: !fed && batteries.some(({ status }) => status === "Discharging"),
    percent: Math.min(100, (100 * sum(({ now }) => now)) / sum(({ full }) => full)),
  };
}

async function readSupply(folder: string): Promise<Supply> {
  const text = (name: string) => readText(join(folder, name));
  const number = async (name: string) => Number((await text(name)) || Number.NaN);
  const firstOf = async (...names: string[]) => {
    for (const name of names) {
      const value = await number(name);
      if (Number.isFinite(value)) return value;
    }
    return Number.NaN;
  };
  const now = await firstOf("energy_now", "charge_now");
  const full = await firstOf("energy_full", "charge_full");
  const known = Number.isFinite(now) && full > 0;
  const capacity = await number("capacity");
  return {
    type: await text("type"),
    scope: await text("scope"),
    online: (await text("online")) === "1",
    status: await text("status"),
    // Several batteries count by their size; where that is not told, each counts alike.
    now: known ? now : Number.isFinite(capacity) ? capacity : 0,
    full: known ? full : Number.isFinite(capacity) ? 100 : 0,
  };
}

async function readHeat(root: string): Promise<PowerReading["heat"]> {
  const folder = join(root, "class", "thermal");
  const zones = (await entries(folder)).filter((name) => name.startsWith("thermal_zone"));
  const found = (await Promise.all(zones.map((name) => readZone(join(folder, name))))).filter((zone) => zone !== null);
  let nearest: { celsius: number; limit: number } | null = null;
  for (const zone of found) {
    if (!nearest || zone.limit - zone.celsius < nearest.limit - nearest.celsius) nearest = zone;
  }
  if (!nearest) return null;
  const { celsius, limit } = nearest;
  return { hot: celsius >= limit, cool: celsius <= limit - coolBelow, celsius };
}

async function readZone(folder: string): Promise<{ celsius: number; limit: number } | null> {
  const celsius = Number((await readText(join(folder, "temp"))) || Number.NaN) / 1000;
  if (!Number.isFinite(celsius) || celsius <= 0) return null;
  let limit = Number.POSITIVE_INFINITY;
  for (const name of await entries(folder)) {
    const trip = /^(trip_point_\d+)_type$/.exec(name)?.[1];
    if (!trip) continue;
    const kind = await readText(join(folder, name));
    if (kind !== "hot" && kind !== "critical") continue;
    const point = Number((await readText(join(folder, `${trip}_temp`))) || Number.NaN) / 1000;
    if (!(point >= plausible.low && point <= plausible.high)) continue;
    limit = Math.min(limit, kind === "critical" ? point - beforeCritical : point);
  }
  return Number.isFinite(limit) ? { celsius, limit } : null;
}

async function entries(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

async function readText(path: string): Promise<string> {
  return readFile(path, "utf8").then(
    (text) => text.trim(),
    () => "",
  );
}
