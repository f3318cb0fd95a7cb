/** mulberry32: a small generator whose sequence is part of what a seed means; never changed. Uniform in [0, 1). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** How many of `rows` are kept aside. A share above 0 keeps at least one, and at least one row is left to train on. */
export function validationRows(rows: number, share: number): number {
  if (share <= 0 || rows < 2) return 0;
  return Math.min(rows - 1, Math.max(1, Math.round(rows * share)));
}

/** The indices below `rows` that are kept aside: the same for the same three values, on every machine. */
export function validationIndices(rows: number, share: number, seed: number): ReadonlySet<number> {
  const wanted = validationRows(rows, share);
  const random = seededRandom(seed);
  const chosen = new Set<number>();
  // Floyd's sampling: no list of all rows is needed.
  for (let last = rows - wanted; last < rows; last++) {
    const pick = Math.floor(random() * (last + 1));
    chosen.add(chosen.has(pick) ? last : pick);
  }
  return chosen;
}
