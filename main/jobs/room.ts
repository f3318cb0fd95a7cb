import { statfs } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";

/** Enough for a checkpoint of most adapters, and for the database. */
const leastBytes = 64 * 2 ** 20;
const lookAgainMs = 3_000;
/** Times that a run may find the disk full: where it does so with room to spare, waiting is no use. */
const mostTries = 10;

/** Runs that found the disk full wait for room, so that one full hour at night does not fail the whole queue. */
export class Room {
  readonly #tries = new Map<string, number>();
  #waiting = false;

  constructor(
    private readonly folder: string,
    /** Room has become scarce, or there is some again. */
    private readonly onChange: () => void,
  ) {}

  /** Whether runs have to wait. */
  get isScarce(): boolean {
    return this.#waiting;
  }

  /** A run found the disk full. Whether it should wait for room; if not, it has done so often enough. */
  wait(id: string): boolean {
    const tries = (this.#tries.get(id) ?? 0) + 1;
    this.#tries.set(id, tries);
    if (tries > mostTries) return false;
    if (!this.#waiting) void this.#look();
    return true;
  }

  /** The run came to an end, or somebody goes on with it: what was counted no longer counts. */
  forget(id: string): void {
    this.#tries.delete(id);
  }

  async #look(): Promise<void> {
    this.#waiting = true;
    this.onChange();
    do await setTimeout(lookAgainMs, undefined, { ref: false });
    while (!(await this.#hasRoom()));
    this.#waiting = false;
    this.onChange();
  }

  async #hasRoom(): Promise<boolean> {
    try {
      const { bavail, bsize, blocks } = await statfs(this.folder);
      // A small disk has room when a quarter of it is free.
      return bavail * bsize >= Math.min(leastBytes, (blocks * bsize) / 4);
    } catch {
      // Where the system does not tell, the next try does.
      return true;
    }
  }
}
