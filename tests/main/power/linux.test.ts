import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readLinux } from "@main/power/linux";
import { beforeEach, describe, expect, it } from "vitest";
import { tempFolder } from "../../support/temp-folder";

// A tree as the kernel lays it out under /sys, in real files.

let root: string;
beforeEach(async () => {
  root = await tempFolder();
});

function put(folder: string, files: Record<string, string | number>): void {
  mkdirSync(join(root, "class", folder), { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(root, "class", folder, name), `${text}\n`);
}

const battery = (name: string, files: Record<string, string | number>) =>
  put(`power_supply/${name}`, { type: "Battery", status: "Discharging", ...files });
const zone = (number: number, files: Record<string, string | number>) =>
  put(`thermal/thermal_zone${number}`, { type: "x86_pkg_temp", ...files });

describe("the battery", () => {
  it("is none on a machine without one, or without such files at all", async () => {
    expect(await readLinux(root)).toEqual({ battery: null, heat: null });
    put("power_supply/AC", { type: "Mains", online: 1 });
    expect((await readLinux(root)).battery).toBeNull();
  });

  it("discharges when nothing else feeds the machine", async () => {
    battery("BAT0", { capacity: 42, energy_now: 21_000_000, energy_full: 50_000_000 });
    put("power_supply/AC", { type: "Mains", online: 0 });
    expect((await readLinux(root)).battery).toEqual({ discharging: true, percent: 42 });
    put("power_supply/ucsi-source-psy-1", { type: "USB", online: 1 });
    expect((await readLinux(root)).battery).toEqual({ discharging: false, percent: 42 });
  });

  it("is taken together with a second one by their sizes, and not with that of a mouse", async () => {
    battery("BAT0", { energy_now: 10, energy_full: 100, status: "Discharging" });
    battery("BAT1", { energy_now: 90, energy_full: 300, status: "Not charging" });
    battery("hidpp_battery_0", { scope: "Device", capacity: 3 });
    expect((await readLinux(root)).battery).toEqual({ discharging: true, percent: 25 });
  });

  it("is read from its charge, or from its per cent where that is all there is", async () => {
    battery("BAT0", { charge_now: 1, charge_full: 4 });
    expect((await readLinux(root)).battery?.percent).toBe(25);
    const other = await tempFolder();
    root = other;
    battery("CMB0", { capacity: 77, status: "Full" });
    expect((await readLinux(root)).battery).toEqual({ discharging: false, percent: 77 });
  });
});

describe("the heat", () => {
  it("is that of the zone nearest to its limit", async () => {
    zone(0, { temp: 45_000, trip_point_0_type: "critical", trip_point_0_temp: 105_000 });
    zone(1, {
      temp: 80_000,
      trip_point_0_type: "passive",
      trip_point_0_temp: 70_000,
      trip_point_1_type: "hot",
      trip_point_1_temp: 95_000,
    });
    expect((await readLinux(root)).heat).toEqual({ hot: false, cool: true, celsius: 80 });
    zone(1, { temp: 96_000 });
    expect((await readLinux(root)).heat).toEqual({ hot: true, cool: false, celsius: 96 });
    zone(1, { temp: 85_000 });
    expect((await readLinux(root)).heat).toEqual({ hot: false, cool: false, celsius: 85 });
  });

  it("counts as reached shortly before the machine would switch itself off", async () => {
    zone(0, { temp: 100_500, trip_point_0_type: "critical", trip_point_0_temp: 105_000 });
    expect((await readLinux(root)).heat?.hot).toBe(true);
  });

  it("is not told by sensors without a limit, or with one that cannot be", async () => {
    zone(0, { temp: 200_000 });
    zone(1, { temp: 50_000, trip_point_0_type: "critical", trip_point_0_temp: 0 });
    zone(2, { temp: "", trip_point_0_type: "critical", trip_point_0_temp: 105_000 });
    zone(3, { temp: 50_000, trip_point_0_type: "critical", trip_point_0_temp: 2_147_483_647 });
    expect((await readLinux(root)).heat).toBeNull();
  });
});
