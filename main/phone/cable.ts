import { adbDevices, adbPush, findAdb } from "@main/phone/adb";
import type { ServedFile } from "@main/phone/send-file";
import { HoneError, toErrorData } from "@shared/errors";
import type { AdbPush, AdbState, PhoneFileKind } from "@shared/models/phone";

/** Phones on a cable and the one file that is being copied to one of them. */
export class Cable {
  #state: AdbState = { found: false, devices: [], push: null };
  #stop = new AbortController();

  constructor(private readonly onChanged: (state: AdbState) => void) {}

  async look(): Promise<AdbState> {
    const adb = await findAdb();
    const devices = adb ? await adbDevices(adb).catch(() => []) : [];
    this.#state = { ...this.#state, found: adb !== null, devices };
    return this.#state;
  }

  /** Answers at once; how it goes on is news. `file` is waited for. */
  async push(serial: string, kind: PhoneFileKind, file: () => Promise<ServedFile | undefined>): Promise<AdbState> {
    const adb = await findAdb();
    const { devices, push } = await this.look();
    if (!adb || !devices.some((device) => device.serial === serial && device.authorised)) {
      throw new HoneError(
        "phone.adb",
        `adb does not see a phone "${serial}" that has agreed to this computer.`,
        "Check the cable, and confirm the question on the phone.",
      );
    }
    if (push?.state === "preparing" || push?.state === "pushing") return this.#state;
    this.#stop = new AbortController();
    void this.#run(adb, { serial, kind, state: "preparing", progress: null, path: null, error: null }, file);
    return this.#state;
  }

  stop(): void {
    this.#stop.abort();
    this.#state = { ...this.#state, push: null };
  }

  async #run(adb: string, begun: AdbPush, file: () => Promise<ServedFile | undefined>): Promise<void> {
    const { signal } = this.#stop;
    const tell = (change: Partial<AdbPush>) => {
      if (signal.aborted) return;
      this.#state = { ...this.#state, push: { ...begun, ...this.#state.push, ...change } };
      this.onChanged(this.#state);
    };
    this.#state = { ...this.#state, push: begun };
    tell({});
    try {
      const served = await file();
      if (!served) {
        throw new HoneError("phone.file", "The file could not be made.", "The list of files says why.");
      }
      tell({ state: "pushing", progress: 0 });
      const path = await adbPush(adb, begun.serial, served, (progress) => tell({ progress }), signal);
      tell({ state: "verified", progress: 1, path });
    } catch (error) {
      const { code, message, hint } = toErrorData(error);
      tell({ state: "failed", progress: null, error: { code, message, hint } });
    }
  }
}
