/** Values (or blocks) that make one block of the level above. */
const fanOut = 16;

interface Level {
  /** Index of the lowest and of the highest finite value of each full block; -1 where a block has none. */
  readonly low: number[];
  readonly high: number[];
}

export interface LowAndHigh {
  /** Indices; -1 where no value is finite. */
  readonly low: number;
  readonly high: number;
}

/**
 * Where the lowest and the highest value of any stretch of a growing series lie, in about 30 looks for each factor of 16 in the
 * length of the stretch: a hundred thousand points cost no more than a screen can show.
 */
export class Extremes {
  /** level[k] holds blocks of 16^(k+1) values, full ones only. */
  readonly #levels: Level[] = [];
  #values: Float64Array = new Float64Array();
  #length = 0;

  /** `values` begins with those of the last call, apart from what was cut off by `cut`; only what is new is looked at. */
  grow(values: Float64Array, length: number): void {
    this.#values = values;
    for (let index = this.#length; index < length; index += 1) {
      if ((index + 1) % fanOut === 0) this.#close(0, (index + 1) / fanOut - 1);
    }
    this.#length = length;
  }

  /** Forgets the values from `length` on. */
  cut(length: number): void {
    this.#length = Math.min(length, this.#length);
    let blocks = this.#length;
    for (const { low, high } of this.#levels) {
      blocks = Math.floor(blocks / fanOut);
      low.length = Math.min(low.length, blocks);
      high.length = Math.min(high.length, blocks);
    }
  }

  /** Of the values from `from` up to but not including `to`. */
  within(from: number, to: number): LowAndHigh {
    const values = this.#values;
    let low = -1;
    let high = -1;
    const look = (lowAt: number, highAt: number) => {
      if (lowAt >= 0 && (low < 0 || (values[lowAt] as number) < (values[low] as number))) low = lowAt;
      if (highAt >= 0 && (high < 0 || (values[highAt] as number) > (values[high] as number))) high = highAt;
    };
    const lookAt = (index: number) => Number.isFinite(values[index]) && look(index, index);
    let start = Math.max(0, from);
    let end = Math.min(to, this.#length);
    // Loose ends on each level, then the whole blocks between them on the level above.
    for (let depth = -1; start < end; depth += 1) {
      const level = depth < 0 ? null : (this.#levels[depth] as Level);
      const visit = level ? (at: number) => look(level.low[at] as number, level.high[at] as number) : lookAt;
      const above = this.#levels[depth + 1];
      const firstBlock = Math.ceil(start / fanOut);
      const lastBlock = above ? Math.min(Math.floor(end / fanOut), above.low.length) : 0;
      if (lastBlock <= firstBlock) {
        for (let at = start; at < end; at += 1) visit(at);
        break;
      }
      for (let at = start; at < firstBlock * fanOut; at += 1) visit(at);
      for (let at = lastBlock * fanOut; at < end; at += 1) visit(at);
      start = firstBlock;
      end = lastBlock;
    }
    return { low, high };
  }

  /** Block `block` of a level has come to its end. */
  #close(depth: number, block: number): void {
    const level = this.#levels[depth] ?? { low: [], high: [] };
    this.#levels[depth] = level;
    const values = this.#values;
    const below = this.#levels[depth - 1];
    let low = -1;
    let high = -1;
    for (let at = block * fanOut; at < (block + 1) * fanOut; at += 1) {
      const lowAt = below ? (below.low[at] as number) : Number.isFinite(values[at]) ? at : -1;
      const highAt = below ? (below.high[at] as number) : lowAt;
      if (lowAt >= 0 && (low < 0 || (values[lowAt] as number) < (values[low] as number))) low = lowAt;
      if (highAt >= 0 && (high < 0 || (values[highAt] as number) > (values[high] as number))) high = highAt;
    }
    level.low[block] = low;
    level.high[block] = high;
    if ((block + 1) % fanOut === 0) this.#close(depth + 1, (block + 1) / fanOut - 1);
  }
}
