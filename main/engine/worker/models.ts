import { stat } from "node:fs/promises";
import { type ChatTemplate, chooseTemplate } from "@main/chat-template/choose";
import type { DeviceChoice } from "@main/engine/worker/device-choice";
import type { NativeAdapter, NativeModel } from "@shared/engine/addon";
import type { ModelRef } from "@shared/engine/protocol";
import { toErrorData } from "@shared/errors";

/** A model in memory together with what was opened on it. */
export interface OpenModel {
  readonly native: NativeModel;
  /** Id of the device that computes, and what its choice has to say. */
  readonly device: string;
  readonly deviceNote: string;
  /** Compiled on first use; throws when the file's own template is damaged. */
  template(): ChatTemplate;
  /** Opened once per file; a file that was replaced is opened anew. */
  adapter(path: string): Promise<NativeAdapter>;
}

interface Entry {
  readonly ref: ModelRef;
  readonly opened: Promise<OpenModel>;
  users: number;
  lastUse: number;
  /** Closed as soon as nobody uses it. */
  dropped: boolean;
}

/** Keeps the most recently used models open, and closes the others once their work is done. */
export class OpenModels {
  readonly #devices: DeviceChoice;
  readonly #limit: number;
  readonly #entries = new Map<string, Entry>();
  #clock = 0;

  constructor(devices: DeviceChoice, limit: number) {
    this.#devices = devices;
    this.#limit = limit;
  }

  /** Runs `work` with the model open; it is not closed before `work` has settled. */
  async use<T>(ref: ModelRef, work: (model: OpenModel) => Promise<T> | T): Promise<T> {
    const entry = await this.#enter(ref);
    try {
      return await work(await entry.opened);
    } catch (error) {
      if (isOfDevice(error)) this.#leave(entry);
      throw error;
    } finally {
      entry.users -= 1;
      this.#closeUnused();
    }
  }

  /** Forgets every model of that file. */
  closePath(path: string): void {
    for (const [key, entry] of this.#entries) if (entry.ref.path === path) this.#drop(key, entry);
  }

  /** A device that was lost takes its models with it. */
  #leave(lost: Entry): void {
    this.#devices.doubt();
    for (const [key, entry] of this.#entries) {
      if (entry === lost || entry.ref.device === lost.ref.device) this.#drop(key, entry);
    }
  }

  async #enter(ref: ModelRef): Promise<Entry> {
    const state = await fileState(ref.path);
    const key = JSON.stringify([ref.path, ref.device, ref.forbidden ?? [], ref.threads, ref.activation ?? null, state]);
    let entry = this.#entries.get(key);
    if (!entry) {
      entry = { ref, opened: this.#open(ref, state), users: 0, lastUse: 0, dropped: false };
      this.#entries.set(key, entry);
      const created = entry;
      created.opened.catch(() => this.#entries.delete(key));
      this.#makeRoom(created);
    }
    entry.users += 1;
    entry.lastUse = ++this.#clock;
    return entry;
  }

  async #open(ref: ModelRef, state: string): Promise<OpenModel> {
    const { native, device, note } = await this.#devices.open(ref, state);
    const adapters = new Map<string, { readonly state: string; readonly adapter: Promise<NativeAdapter> }>();
    let template: ChatTemplate | undefined;
    return {
      native,
      device,
      deviceNote: note,
      template: () => {
        template ??= chooseTemplate(native);
        return template;
      },
      adapter: async (adapterPath) => {
        const state = await fileState(adapterPath);
        const known = adapters.get(adapterPath);
        if (known?.state === state) return known.adapter;
        const adapter = native.openAdapter(adapterPath);
        adapters.set(adapterPath, { state, adapter });
        adapter.catch(() => adapters.delete(adapterPath));
        return adapter;
      },
    };
  }

  #makeRoom(newest: Entry): void {
    const others = [...this.#entries].filter(([, entry]) => entry !== newest && !entry.dropped);
    others.sort(([, left], [, right]) => left.lastUse - right.lastUse);
    for (const [key, entry] of others.slice(0, Math.max(0, others.length + 1 - this.#limit))) this.#drop(key, entry);
  }

  #drop(key: string, entry: Entry): void {
    entry.dropped = true;
    // A later use of the same model opens it again.
    this.#entries.delete(key);
    this.#leaving.add(entry);
    this.#closeUnused();
  }

  readonly #leaving = new Set<Entry>();

  #closeUnused(): void {
    for (const entry of this.#leaving) {
      if (entry.users > 0) continue;
      this.#leaving.delete(entry);
      entry.opened.then(
        ({ native }) => native.close(),
        () => undefined,
      );
    }
  }
}

/** An error that says that a GPU, not the work, is at fault. */
function isOfDevice(error: unknown): boolean {
  return toErrorData(error).code.startsWith("vulkan.");
}

/** Changes when a file is replaced or rewritten. A missing file is left for the engine to report. */
async function fileState(path: string): Promise<string> {
  try {
    const { size, mtimeMs, ino } = await stat(path);
    return `${size} ${mtimeMs} ${ino}`;
  } catch {
    return "missing";
  }
}
