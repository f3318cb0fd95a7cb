import { z } from "zod";

export const settingsSchema = z.object({
  theme: z.enum(["system", "light", "dark"]),
  /** 0 means all cores. */
  threads: z.int().min(0).max(1024),
  /** "auto" or a device id. */
  device: z.string().max(200),
  reducedMotion: z.boolean(),
});
export type Settings = z.infer<typeof settingsSchema>;

export const defaultSettings: Settings = { theme: "system", threads: 0, device: "auto", reducedMotion: false };
