import { HoneError } from "@shared/errors";

/** Work that wants the training engine for itself, one after the other, while no run is at work. */
export class BetweenRuns {
  readonly #waiting: (() => Promise<void>)[] = [];
  readonly #closing = new AbortController();
  #atWork: Promise<void> | undefined;

  get busy(): boolean {
    return this.#atWork !== undefined;
  }

  /** Settles as the work does, which must end soon after its signal; rejects with "queue.closed" when it never began. */
  add<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#waiting.push(async () => {
        if (this.#closing.signal.aborted) {
          return reject(new HoneError("queue.closed", "Hone was closed before this could begin."));
        }
        await work(this.#closing.signal).then(resolve, reject);
      });
    });
  }

  /** Begins what waits; false when nothing does. */
  begin(onEnd: () => void): boolean {
    const next = this.#waiting.shift();
    if (!next) return false;
    this.#atWork = next().finally(() => {
      this.#atWork = undefined;
      onEnd();
    });
    return true;
  }

  /** Settles when the work has ended. */
  async close(): Promise<void> {
    this.#closing.abort();
    for (const waiting of this.#waiting.splice(0)) void waiting();
    await this.#atWork;
  }
}
