import type { SettingsStore } from "@main/settings/settings";
import type { HoneContract } from "@shared/ipc/contract";
import type { Emit, Handlers } from "@shared/ipc/define";

export function settingsHandlers(
  settings: SettingsStore,
  emit: Emit<HoneContract>,
  onChanged: () => void,
): Handlers<HoneContract>["settings"] {
  return {
    get: () => settings.get(),
    set: (changes) => {
      const now = settings.set(changes);
      emit("settings", "changed", now);
      onChanged();
      return now;
    },
  };
}
