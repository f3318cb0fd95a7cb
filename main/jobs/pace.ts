import { availableParallelism } from "node:os";
import type { Pace, Settings } from "@shared/models/settings";

/** How much of the machine a run may take: a share of the threads, and of the time. The adapter is the same at every pace. */
const shares: Readonly<Record<Pace, { readonly threads: number; readonly duty: number }>> = {
  full: { threads: 1, duty: 1 },
  balanced: { threads: 0.75, duty: 0.8 },
  quiet: { threads: 0.5, duty: 0.5 },
};

/** Share of the time to compute in. */
export function dutyOf({ pace }: Pick<Settings, "pace">): number {
  return shares[pace].duty;
}

/** Settings with the threads of their pace; at least one is left. */
export function paced(settings: Settings, cores = availableParallelism()): Settings {
  if (settings.pace === "full") return settings;
  const threads = settings.threads === 0 ? cores : settings.threads;
  return { ...settings, threads: Math.max(1, Math.floor(threads * shares[settings.pace].threads)) };
}
