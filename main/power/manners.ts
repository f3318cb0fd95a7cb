import { setTimeout } from "node:timers/promises";
import { isWithin, nextOpening } from "@main/power/hours";
import { nothingTold, type PowerReader, type PowerReading } from "@main/power/reading";
import type { SettingsStore } from "@main/settings/settings";
import type { QueueHold } from "@shared/models/run";

export interface MannersOptions {
  readonly settings: SettingsStore;
  readonly read: PowerReader;
  readonly onChange: () => void;
  /** For tests: the clock on the wall, and how often it and the machine are looked at. */
  readonly now?: () => Date;
  readonly intervalMs?: number;
}

const firstLookMs = 3_000;
const usualIntervalMs = 15_000;
/** A battery has to gain so much before a run goes on: it would come and go with every per cent. */
const margin = 5;

/** Says why training should wait for now: the battery, the heat, the hour. Looks again and again, and tells when that changes. */
export class Manners {
  #holds: readonly QueueHold[] = [];
  #discharging = false;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #again = false;

  constructor(private readonly options: MannersOptions) {}

  /** Empty when training may go on. */
  get holds(): readonly QueueHold[] {
    return this.#holds;
  }

  /** Training waits for the hour alone, and nothing speaks against staying awake until then. */
  get waitsForTheHour(): boolean {
    return this.#holds.length > 0 && !this.#discharging && this.#holds.every(({ why }) => why === "hours");
  }

  /** The first look is done when it settles, unless the system takes its time to answer. */
  async open(): Promise<void> {
    await Promise.race([this.look(), setTimeout(firstLookMs, undefined, { ref: false })]);
    this.#timer = setInterval(() => void this.look(), this.options.intervalMs ?? usualIntervalMs);
    // A program that has nothing else to do need not stay for this.
    this.#timer.unref();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** Now, since something is known to have changed. */
  look(): Promise<void> {
    if (this.#looking) {
      this.#again = true;
      return this.#looking;
    }
    this.#looking = this.#look().finally(() => {
      this.#looking = undefined;
      if (!this.#again) return;
      this.#again = false;
      return this.look();
    });
    return this.#looking;
  }

  async #look(): Promise<void> {
    const before = JSON.stringify(this.#holds);
    const reading = await this.options.read().catch(() => nothingTold);
    this.#discharging = reading.battery?.discharging ?? false;
    this.#holds = this.#weigh(reading);
    if (JSON.stringify(this.#holds) !== before) this.options.onChange();
  }

  #weigh({ battery, heat }: PowerReading): QueueHold[] {
    const { batteryFloor, pauseOnHeat, hours } = this.options.settings.get();
    const now = this.options.now?.() ?? new Date();
    const was = (why: QueueHold["why"]) => this.#holds.some((hold) => hold.why === why);
    const holds: QueueHold[] = [];
    if (batteryFloor > 0 && battery?.discharging) {
      const floor = was("battery") ? batteryFloor + margin : batteryFloor;
      if (battery.percent < floor) holds.push({ why: "battery", floor: batteryFloor });
    }
    // Between hot and cool it stays as it was.
    if (pauseOnHeat && heat && (heat.hot || (was("heat") && !heat.cool))) holds.push({ why: "heat" });
    if (hours && !isWithin(hours, now)) holds.push({ why: "hours", opensAt: nextOpening(hours, now).toISOString() });
    return holds;
  }
}
