import { z } from "zod";

const time = z
  .string()
  .max(5)
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/);

/** Between two times on the wall, "22:00" and "07:00"; they may lie around midnight. */
const hoursSchema = z.object({ from: time, to: time });
export type Hours = z.infer<typeof hoursSchema>;

export const paces = ["quiet", "balanced", "full"] as const;
export type Pace = (typeof paces)[number];

export const settingsSchema = z.object({
  theme: z.enum(["system", "light", "dark"]),
  /** 0 means all cores. */
  threads: z.int().min(0).max(1024),
  /** "auto" or a device id. */
  device: z.string().max(200),
  /** Ids of devices that "auto" does not take. */
  forbiddenDevices: z.array(z.string().max(200)).max(64),
  reducedMotion: z.boolean(),
  /** How much of the machine training takes. */
  pace: z.enum(paces),
  /** While a run trains, the system does not fall asleep; the screen may. */
  keepAwake: z.boolean(),
  /** Per cent of charge below which training waits while nothing but the battery feeds the machine; 0: it never does. */
  batteryFloor: z.int().min(0).max(95),
  /** Training waits while the system says that it is too hot. */
  pauseOnHeat: z.boolean(),
  /** Training only then; null: at any time. */
  hours: hoursSchema.nullable(),
  /** The desktop says when a run has ended. */
  notify: z.boolean(),
  /** A finished run is measured on a few held-out rows by itself. */
  measureAfterRun: z.boolean(),
});
export type Settings = z.infer<typeof settingsSchema>;

export const defaultSettings: Settings = {
  theme: "system",
  threads: 0,
  device: "auto",
  forbiddenDevices: [],
  reducedMotion: false,
  pace: "full",
  keepAwake: true,
  batteryFloor: 30,
  pauseOnHeat: true,
  hours: null,
  notify: true,
  measureAfterRun: true,
};
