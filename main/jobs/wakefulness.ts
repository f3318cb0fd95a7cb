import type { SettingsStore } from "@main/settings/settings";

/** Keeps the system awake while that is needed, where the person has not switched it off. */
export class Wakefulness {
  #needed = false;
  #release: (() => void) | undefined;

  constructor(
    private readonly keepAwake: () => () => void,
    private readonly settings: SettingsStore,
  ) {}

  need(awake: boolean): void {
    this.#needed = awake;
    if (awake && this.settings.get().keepAwake) this.#release ??= this.keepAwake();
    else {
      this.#release?.();
      this.#release = undefined;
    }
  }

  settingsChanged(): void {
    this.need(this.#needed);
  }
}
