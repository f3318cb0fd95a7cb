import { outputOf } from "@main/power/output-of";
import type { PowerReading } from "@main/power/reading";
import { z } from "zod";

const query =
  "@(Get-CimInstance Win32_Battery | Select-Object BatteryStatus, EstimatedChargeRemaining) | ConvertTo-Json -Compress";

/** Windows tells heat to administrators only. */
export async function readWindows(): Promise<PowerReading> {
  return { battery: batteryIn(await outputOf("powershell.exe", ["-NoProfile", "-Command", query])), heat: null };
}

const battery = z.object({ BatteryStatus: z.number(), EstimatedChargeRemaining: z.number() });
/** 1: discharging; 4 and 5: low and critical while it does. */
const dischargingStates = new Set([1, 4, 5]);

/** One battery as an object or several as a list; nothing where there is none. */
export function batteryIn(json: string): PowerReading["battery"] {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return null;
  }
  const found = z.union([battery.transform((one) => [one]), z.array(battery)]).safeParse(value);
  if (!found.success || found.data.length === 0) return null;
  const sum = found.data.reduce((total, { EstimatedChargeRemaining }) => total + EstimatedChargeRemaining, 0);
  return {
    discharging: found.data.some(({ BatteryStatus }) => dischargingStates.has(BatteryStatus)),
    percent: Math.min(100, sum / found.data.length),
  };
}
