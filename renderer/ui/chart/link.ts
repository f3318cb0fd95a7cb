import { useSyncExternalStore } from "react";
import type { Range } from "./thin";

/** What the charts of a page share: the place that is pointed at, and the part of the x axis that is looked at. */
export class ChartLink {
  #cursor: number | null = null;
  #range: Range | null = null;
  readonly #listeners = new Set<() => void>();

  /** On the x axis, in its own unit. */
  get cursor(): number | null {
    return this.#cursor;
  }

  /** Null shows everything. */
  get range(): Range | null {
    return this.#range;
  }

  point(x: number | null): void {
    if (x === this.#cursor) return;
    this.#cursor = x;
    this.#tell();
  }

  show(range: Range | null): void {
    if (range === this.#range) return;
    this.#range = range;
    this.#tell();
  }

  /** The axis has another unit: neither place means anything any more. */
  reset(): void {
    this.#cursor = null;
    this.show(null);
    this.#tell();
  }

  readonly subscribe = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

export const useCursor = (link: ChartLink) => useSyncExternalStore(link.subscribe, () => link.cursor);
export const useRange = (link: ChartLink) => useSyncExternalStore(link.subscribe, () => link.range);
