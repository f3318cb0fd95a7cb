import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/** 128 random bits, as they stand in a URL. */
export function newToken(): string {
  return randomBytes(16).toString("hex");
}

/** Takes the same time wherever the two differ. */
export function sameToken(left: string, right: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}

/** Counts refused tokens; those who go on guessing are turned away unheard. The right token is always heard. */
export class Refusals {
  readonly #limit: number;
  readonly #windowMs: number;
  readonly #now: () => number;
  #times: number[] = [];

  constructor({ limit = 20, windowMs = 60_000, now = Date.now } = {}) {
    this.#limit = limit;
    this.#windowMs = windowMs;
    this.#now = now;
  }

  add(): void {
    this.#times.push(this.#now());
  }

  get tooMany(): boolean {
    const oldest = this.#now() - this.#windowMs;
    this.#times = this.#times.filter((time) => time > oldest).slice(-this.#limit);
    return this.#times.length >= this.#limit;
  }
}
