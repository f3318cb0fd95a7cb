import {
  bitDifference,
  largestDifference,
  meanLoss,
  normalisedMeanSquare,
  npyValues,
  standardDeviation,
} from "@main/verify/numbers";
import { Absent, type Verification } from "@main/verify/verification";
import { z } from "zod";

const entrySchema = z.looseObject({
  model: z.string(),
  adapters: z.array(z.tuple([z.string(), z.number()])).default([]),
  tokens: z.array(z.int()),
  logit_std: z.number().optional(),
  loss_exact: z.number().optional(),
});
export type LogitEntry = z.infer<typeof entrySchema>;

/** logits.json without entries that have no tokens: notes on results recorded elsewhere. */
export function logitEntries(verification: Verification): Record<string, LogitEntry> {
  const all = verification.json(z.record(z.string(), z.looseObject({})), "logits.json") ?? {};
  const entries: Record<string, LogitEntry> = {};
  for (const [name, value] of Object.entries(all)) {
    const entry = entrySchema.safeParse(value);
    if (entry.success) entries[name] = entry.data;
    else if ("tokens" in value) throw new Error(`logits.json: ${name} is not an entry`);
  }
  return entries;
}

type Mode = "exact" | "rounded";

export async function logitsOf(
  verification: Verification,
  { model, adapters, tokens }: LogitEntry,
  activations: Mode,
): Promise<Float32Array> {
  const native = await verification.model(model);
  const active = [];
  for (const [file, strength] of adapters) active.push({ adapter: await verification.adapter(model, file), strength });
  try {
    return await native.logits(Int32Array.from(tokens), { adapters: active, activations });
  } finally {
    for (const { adapter } of active) adapter.close();
  }
}

/** How far a float32 engine may be from float64, as a share of the spread of the logits. */
export const exactShare = 1e-3;
/** Normalised mean square that a few flipped int8 codes make. */
const roundedLimit = 1e-3;
const lossLimit = 1e-3;

/** Logits and losses of every entry of logits.json, exact and with rounded inputs. */
export async function verifyLogits(verification: Verification): Promise<void> {
  for (const [name, entry] of Object.entries(logitEntries(verification))) {
    const expected = read(verification, `${name}.exact.npy`);
    if (expected) {
      await verification.check(`logits ${name}, exact`, async () => {
        const found = await logitsOf(verification, entry, "exact");
        const spread = entry.logit_std ?? standardDeviation(expected);
        verification.measure(`logits ${name}, exact`, largestDifference(found, expected), exactShare * spread);
        if (entry.loss_exact !== undefined) {
          const error = Math.abs(meanLoss(found, entry.tokens) - entry.loss_exact);
          verification.measure(`loss ${name}, exact`, error, lossLimit);
        }
      });
    }
    const rounded = read(verification, `${name}.bitlinear.npy`);
    if (rounded) {
      await verification.check(`logits ${name}, rounded inputs`, async () => {
        const found = await logitsOf(verification, entry, "rounded");
        const error = normalisedMeanSquare(found, rounded);
        verification.measure(`logits ${name}, rounded inputs, normalised mean square`, error, roundedLimit);
      });
    }
  }
  await verifyWithoutEntry(verification);
  await verifyDeadPairs(verification);
}

/** Models with recorded logits but without an entry repeat the numbers of one that has its own: told by equal files. */
async function verifyWithoutEntry(verification: Verification): Promise<void> {
  const entries = logitEntries(verification);
  const all = verification.json(z.record(z.string(), z.looseObject({ model: z.string() })), "logits.json") ?? {};
  for (const [name, { model }] of Object.entries(all)) {
    if (name in entries) continue;
    for (const [suffix, mode] of [
      ["exact", "exact"],
      ["bitlinear", "rounded"],
    ] as const) {
      const recorded = verification.file(`${name}.${suffix}.npy`);
      if (!recorded) continue;
      const line = `logits ${name}, ${mode}`;
      await verification.check(line, async () => {
        const expected = npyValues(recorded, `${name}.${suffix}.npy`);
        const twin = Object.entries(entries).find(([other, entry]) => {
          const file = entry.adapters.length === 0 ? verification.file(`${other}.${suffix}.npy`) : null;
          return file !== null && normalisedMeanSquare(npyValues(file, other), expected) < 1e-6;
        });
        if (!twin) throw new Absent(`no entry of logits.json gives the tokens of ${name}`);
        const found = await logitsOf(verification, { ...twin[1], model }, mode);
        if (mode === "rounded")
          verification.measure(`${line}, normalised mean square`, normalisedMeanSquare(found, expected), roundedLimit);
        else verification.measure(line, largestDifference(found, expected), exactShare * standardDeviation(expected));
      });
    }
  }
}

/** An adapter with pairs that have no effect gives the very logits of the one without them. */
async function verifyDeadPairs(verification: Verification): Promise<void> {
  const entries = Object.entries(logitEntries(verification)).filter(([, { adapters }]) => adapters.length === 1);
  for (const [name, entry] of entries) {
    const own = await pairsOf(verification, entry);
    if (!own || own.dead === 0) continue;
    for (const [other, plain] of entries) {
      const theirs = await pairsOf(verification, plain);
      const twin =
        theirs?.dead === 0 &&
        theirs.living === own.living &&
        plain.model === entry.model &&
        plain.adapters[0]?.[1] === entry.adapters[0]?.[1] &&
        plain.tokens.join() === entry.tokens.join();
      if (!twin) continue;
      await verification.check(`logits ${name} = ${other}`, async () => {
        const [left, right] = [
          await logitsOf(verification, entry, "exact"),
          await logitsOf(verification, plain, "exact"),
        ];
        const difference = bitDifference(left, right);
        verification.equal(`logits ${name} = ${other}`, difference === null ? [] : [difference]);
      });
    }
  }
}

/** How many pairs lie on vectors, and the names and numbers of the others as one text. */
async function pairsOf(verification: Verification, { adapters }: LogitEntry) {
  const [file = ""] = adapters[0] ?? [];
  try {
    const tensors = await verification.addon.readTensors(verification.path(file));
    const living = tensors.filter(({ name }) => !/(?:_norm\.weight|\.scale)\.lora_[ab]$/.test(name));
    const text = living.map(({ name, values }) => `${name} ${Buffer.from(values.buffer).toString("base64")}`).sort();
    return { dead: tensors.length - living.length, living: text.join("\n") };
  } catch {
    return null; // its own line has failed already
  }
}

function read(verification: Verification, name: string): Float32Array | null {
  const file = verification.file(name);
  return file && npyValues(file, name);
}
