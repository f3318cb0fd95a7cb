/** A seeded stream of numbers below a limit; equal seeds give equal streams. */
export function randomBelow(seed: number): (limit: number) => number {
  let state = (seed * 2_654_435_761 + 12_345) >>> 0;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state % Math.max(1, limit);
  };
}

/**
 * Seeds for damage: `usual` of them, or as many as go into a share of HONE_DAMAGE_SECONDS, the time of a whole test file with
 * `parts` tests. Their number is told then.
 */
export function* damageSeeds(usual: number, parts: number): Generator<number> {
  const seconds = Number(process.env.HONE_DAMAGE_SECONDS ?? 0) / parts;
  const end = performance.now() + seconds * 1000;
  // Longer runs look at damage that the usual ones have not seen.
  const first = seconds > 0 ? 1_000_000 : 0;
  let seed = first;
  for (; seconds > 0 ? performance.now() < end : seed < usual; seed += 1) yield seed;
  if (seconds > 0) console.log(`${seed - first} inputs in ${seconds.toFixed(0)} s`);
}

/** `bytes` with a few seeded edits, most of them near the beginning, where headers are. */
export function damaged(bytes: Uint8Array, seed: number): Uint8Array {
  const random = randomBelow(seed + 1);
  let content = Buffer.from(bytes);
  for (let edits = 1 + random(4); edits > 0 && content.length > 0; edits -= 1) {
    const at = random(random(2) ? content.length : Math.min(content.length, 4_000));
    const kind = random(8);
    if (kind === 0) content = content.subarray(0, at);
    else if (kind === 1)
      content = Buffer.concat([
        content.subarray(0, at),
        Buffer.alloc(1 + random(16), random(256)),
        content.subarray(at),
      ]);
    else if (kind === 2) content = Buffer.concat([content.subarray(0, at), content.subarray(at + 1 + random(16))]);
    else if (kind === 3) content.fill(random(2) ? 0xff : 0x39, at, Math.min(content.length, at + 1 + random(9)));
    else if (kind === 4) {
      const from = random(content.length);
      content = Buffer.concat([content, content.subarray(from, from + random(60)), content.subarray(at)]).subarray(
        0,
        content.length + 200,
      );
    } else content[at] = random(3) ? random(128) : random(256);
  }
  return content;
}
