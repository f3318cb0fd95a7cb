import type { StoredRun } from "@main/jobs/store";
import type { Settings } from "@shared/models/settings";

/** A run stays where it has begun: elsewhere it would end with other bits. */
export function onDevice({ device }: Pick<StoredRun, "device">, settings: Settings): Settings {
  return device === null ? settings : { ...settings, device };
}
