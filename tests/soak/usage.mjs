/**
 * What a program holds while it lives: memory and handles (open files, sockets). One `Usage` for each of its lives; the first sample is
 * to be taken once it is warm.
 */
export class Usage {
  #first = null;
  #last = null;
  #mostBytes = 0;

  constructor(studio) {
    this.studio = studio;
  }

  sample() {
    const now = this.studio.usage();
    if (!now) return;
    this.#first ??= now;
    this.#last = now;
    this.#mostBytes = Math.max(this.#mostBytes, now.bytes);
  }

  /** Null where the system does not tell. */
  get growth() {
    if (!this.#first) return null;
    return {
      firstBytes: this.#first.bytes,
      lastBytes: this.#last.bytes,
      mostBytes: this.#mostBytes,
      firstHandles: this.#first.handles,
      lastHandles: this.#last.handles,
    };
  }
}

const toleratedBytes = 64 * 2 ** 20;
const toleratedHandles = 4;

/** Whether a long life of many runs took more and more: a leak of one handle, or of a megabyte for each run, shows. */
export function grew(growth) {
  if (!growth) return false;
  return (
    growth.lastBytes - growth.firstBytes > toleratedBytes || growth.lastHandles - growth.firstHandles > toleratedHandles
  );
}

/** Most that the program grew within one of its lives. */
export function mostGrown(usages) {
  const lives = usages.map(({ growth }) => growth).filter(Boolean);
  return {
    handlesGrown: Math.max(0, ...lives.map(({ firstHandles, lastHandles }) => lastHandles - firstHandles)),
    bytesGrown: Math.max(0, ...lives.map(({ firstBytes, lastBytes }) => lastBytes - firstBytes)),
  };
}
