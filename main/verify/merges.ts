import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exactShare, type LogitEntry, logitEntries } from "@main/verify/logits";
import { largestDifference, normalisedMeanSquare, npyValues, standardDeviation } from "@main/verify/numbers";
import type { Verification } from "@main/verify/verification";

/** Normalised mean square that rounding all weights of a small model to eleven bits may make. */
const halfLimit = 1e-4;

/** Recorded logits of base and adapter against those of the adapter merged into a new file, which is read again. */
export async function verifyMerges(verification: Verification): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), "hone-verify-"));
  try {
    for (const [name, entry] of Object.entries(logitEntries(verification))) {
      const file = entry.adapters.length > 0 ? verification.file(`${name}.exact.npy`) : null;
      if (file) await verifyMerge(verification, name, entry, npyValues(file, name), scratch);
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function verifyMerge(
  verification: Verification,
  name: string,
  entry: LogitEntry,
  expected: Float32Array,
  scratch: string,
): Promise<void> {
  await verification.check(`merged ${name}`, async () => {
    const spread = entry.logit_std ?? standardDeviation(expected);
    const whole = await mergedLogits(verification, entry, "f32", scratch);
    verification.measure(`merged ${name}, F32`, largestDifference(whole, expected), exactShare * spread);
    const half = await mergedLogits(verification, entry, "f16", scratch);
    verification.measure(
      `merged ${name}, F16, normalised mean square`,
      normalisedMeanSquare(half, expected),
      halfLimit,
    );
  });
}

async function mergedLogits(
  verification: Verification,
  { model, adapters, tokens }: LogitEntry,
  type: "f32" | "f16",
  scratch: string,
): Promise<Float32Array> {
  const target = join(scratch, "merged.gguf");
  // Merging reads the weights where a CPU sees them, whatever device is verified.
  const native = await verification.addon.openModel(verification.path(model), { device: "cpu", threads: 0 });
  try {
    const active = [];
    for (const [file, strength] of adapters)
      active.push({ adapter: await native.openAdapter(verification.path(file)), strength });
    const request = { adapters: active, type, embedding: "keep", metadata: {}, target } as const;
    await native.merge(request, () => undefined).done;
  } finally {
    native.close();
  }
  const merged = await verification.addon.openModel(target, { device: verification.device, threads: 0 });
  try {
    return await merged.logits(Int32Array.from(tokens), { adapters: [], activations: "exact" });
  } finally {
    merged.close();
  }
}
