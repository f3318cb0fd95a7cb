import * as macos from "@main/power/macos";
import { systemReader } from "@main/power/system";
import * as windows from "@main/power/windows";
import { describe, expect, it } from "vitest";

// What the programs of other systems print, as they document it. None of them runs here.

describe("macOS", () => {
  it("tells its battery through pmset", () => {
    const onBattery = [
      "Now drawing from 'Battery Power'",
      " -InternalBattery-0 (id=4653155)\t84%; discharging; 3:12 remaining present: true",
    ].join("\n");
    expect(macos.batteryIn(onBattery)).toEqual({ discharging: true, percent: 84 });
    const onMains = onBattery.replace("Battery Power", "AC Power").replace("discharging", "charging");
    expect(macos.batteryIn(onMains)).toEqual({ discharging: false, percent: 84 });
    expect(macos.batteryIn("Now drawing from 'AC Power'\n")).toBeNull();
    expect(macos.batteryIn("")).toBeNull();
  });

  it("tells its heat by how far it slows the processor", () => {
    const therm = (limit: number) =>
      `CPU_Scheduler_Limit \t= 100\n\tCPU_Available_CPUs \t= 8\n\tCPU_Speed_Limit \t= ${limit}\n`;
    expect(macos.heatIn(therm(100))).toEqual({ hot: false, cool: true, celsius: null });
    expect(macos.heatIn(therm(75))).toEqual({ hot: false, cool: false, celsius: null });
    expect(macos.heatIn(therm(40))).toEqual({ hot: true, cool: false, celsius: null });
    expect(macos.heatIn("Note: No thermal warning level has been recorded\n")).toBeNull();
  });
});

describe("Windows", () => {
  it("tells its batteries as one object or a list", () => {
    expect(windows.batteryIn('{"BatteryStatus":1,"EstimatedChargeRemaining":18}')).toEqual({
      discharging: true,
      percent: 18,
    });
    const two = [
      { BatteryStatus: 2, EstimatedChargeRemaining: 100 },
      { BatteryStatus: 2, EstimatedChargeRemaining: 50 },
    ];
    expect(windows.batteryIn(JSON.stringify(two))).toEqual({ discharging: false, percent: 75 });
    expect(windows.batteryIn("[]")).toBeNull();
    expect(windows.batteryIn("Get-CimInstance : not found")).toBeNull();
  });
});

describe("a system that has no such program", () => {
  it("tells nothing, and nothing waits for it", async () => {
    const nothing = { battery: null, heat: null };
    expect(await systemReader("darwin")()).toEqual(nothing);
    expect(await systemReader("win32")()).toEqual(nothing);
    expect(await systemReader("freebsd")()).toEqual(nothing);
  });
});
