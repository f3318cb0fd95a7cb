import { stat } from "node:fs/promises";
import type { ServedFile } from "@main/phone/send-file";
import { withFileErrors } from "@main/storage/file-error";
import { sha256OfFile } from "@main/storage/files";
import { toErrorData } from "@shared/errors";
import type { PhoneFile, PhoneFileKind } from "@shared/models/phone";

export interface MadeFile {
  readonly path: string;
  readonly name: string;
  /** Where it is known already. */
  readonly sha256?: string;
  readonly proof: PhoneFile["proof"];
}

/** Makes one kind of file, or says where it lies. */
export type MakeFile = (
  kind: PhoneFileKind,
  /** `share` of the work is 0 to 1. */
  onProgress: (share: number, remainingSeconds: number | null) => void,
  signal: AbortSignal,
) => Promise<MadeFile>;

interface Entry {
  file: PhoneFile;
  served?: ServedFile;
  readonly made: Promise<ServedFile | undefined>;
}

/** The files of one share. Each is made when it is first asked for, one after the other, and stays until the share ends. */
export class PhoneFiles {
  readonly #entries = new Map<PhoneFileKind, Entry>();
  readonly #ending = new AbortController();
  #queue: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly make: MakeFile,
    private readonly onChanged: () => void,
  ) {}

  list(): PhoneFile[] {
    return [...this.#entries.values()].map(({ file }) => file);
  }

  /** The ready file of that name. */
  named(name: string): { readonly kind: PhoneFileKind; readonly file: ServedFile } | undefined {
    for (const [kind, { served }] of this.#entries) if (served?.name === name) return { kind, file: served };
    return undefined;
  }

  ready(kind: PhoneFileKind): ServedFile | undefined {
    return this.#entries.get(kind)?.served;
  }

  /** Makes it unless it is there or on its way; one that failed is tried again. */
  prepare(kind: PhoneFileKind): void {
    const { state } = this.#entries.get(kind)?.file ?? {};
    if (state === undefined || state === "failed") this.#begin(kind);
  }

  /** As `prepare`, up to the file. Throws why there is none. */
  async wait(kind: PhoneFileKind): Promise<ServedFile | undefined> {
    this.prepare(kind);
    return this.#entries.get(kind)?.made;
  }

  /** The last state of a kind. */
  state(kind: PhoneFileKind): PhoneFile | undefined {
    return this.#entries.get(kind)?.file;
  }

  /** Stops what is being made; resolves when nothing is written any more. */
  async close(): Promise<void> {
    this.#ending.abort();
    await this.#queue;
  }

  #begin(kind: PhoneFileKind): void {
    const work = this.#queue.then(() => this.#prepare(kind));
    this.#queue = work;
    this.#entries.set(kind, { file: { ...waiting, kind }, made: work });
    this.onChanged();
  }

  async #prepare(kind: PhoneFileKind): Promise<ServedFile | undefined> {
    try {
      this.#ending.signal.throwIfAborted();
      const tell = (progress: number, remainingSeconds: number | null) =>
        this.#tell(kind, { progress, remainingSeconds });
      const { path, name, sha256, proof } = await this.make(kind, tell, this.#ending.signal);
      const { size: bytes, mtimeMs: modifiedMs } = await withFileErrors("read", path, () => stat(path));
      const served = {
        path,
        name,
        bytes,
        modifiedMs,
        sha256: sha256 ?? (await sha256OfFile(path, this.#ending.signal)),
      };
      const entry = this.#entries.get(kind);
      if (entry) entry.served = served;
      this.#tell(kind, { state: "ready", progress: 1, remainingSeconds: 0, name, bytes, sha256: served.sha256, proof });
      return served;
    } catch (error) {
      const { code, message, hint } = toErrorData(error);
      this.#tell(kind, { state: "failed", progress: null, remainingSeconds: null, error: { code, message, hint } });
      return undefined;
    }
  }

  #tell(kind: PhoneFileKind, change: Partial<PhoneFile>): void {
    const entry = this.#entries.get(kind);
    if (!entry) return;
    entry.file = { ...entry.file, ...change };
    this.onChanged();
  }
}

const waiting = {
  state: "preparing",
  progress: null,
  remainingSeconds: null,
  name: null,
  bytes: null,
  sha256: null,
  proof: null,
  error: null,
} as const;

/** A name that every system and app takes: "wake-me.q4_0.gguf". */
export function phoneFileName(name: string, what: string): string {
  const plain = name
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 60);
  return `${plain || "hone"}.${what.toLowerCase().replace(/[^a-z0-9_]+/g, "-")}.gguf`;
}
