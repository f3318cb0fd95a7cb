import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { baseFacts } from "@main/adapters/formats/base-facts";
import { readAdapterFolder, writePeftFolder } from "@main/adapters/formats/folder";
import { hasNoEffect } from "@main/adapters/formats/module-names";
import { parseSafetensors } from "@main/adapters/formats/safetensors";
import { writePeft } from "@main/adapters/formats/write-peft";
import { exactShare, type LogitEntry, logitEntries } from "@main/verify/logits";
import { bitDifference, largestDifference, npyValues, relativeError, standardDeviation } from "@main/verify/numbers";
import { Absent, type Verification } from "@main/verify/verification";
import type { NativeAdapterContent, NativeTensor } from "@shared/engine/addon";

/** Adapter folders in, GGUF adapters out to such folders, and round trips to the bit. */
export async function verifyAdapters(verification: Verification): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), "hone-verify-"));
  try {
    const entries = Object.entries(logitEntries(verification));
    for (const folder of await adapterFolders(verification)) {
      const partner = `${folder.replace(/-(?:peft|mlx)$/, "")}.gguf`;
      const uses = entries.filter(([, { adapters }]) => adapters.length === 1 && adapters[0]?.[0] === partner);
      await verifyFolder(verification, folder, partner, uses, scratch);
    }
    const adapters = new Map(
      entries.flatMap(([, { model, adapters }]) => adapters.map(([file]) => [file, model] as const)),
    );
    for (const [file, model] of adapters) await verifyRoundTrip(verification, file, model, scratch);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function adapterFolders({ folder }: Verification): Promise<string[]> {
  const found = await readdir(folder, { withFileTypes: true });
  const names = found
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
  const hold = await Promise.all(
    names.map(async (name) => (await readdir(join(folder, name))).includes("adapter_config.json")),
  );
  return names.filter((_, index) => hold[index]);
}

async function verifyFolder(
  verification: Verification,
  folder: string,
  partner: string,
  uses: readonly (readonly [string, LogitEntry])[],
  scratch: string,
): Promise<void> {
  const { addon } = verification;
  const modelFile = uses[0]?.[1].model;
  await verification.check(`${folder} in`, async () => {
    if (modelFile === undefined) throw new Absent(`logits.json has no entry with the adapter ${partner}`);
    const model = await verification.model(modelFile);
    const base = await baseFacts(addon, model);
    const { content } = await readAdapterFolder(verification.path(folder), base, folder);
    const target = join(scratch, `${folder}.gguf`);
    await addon.writeAdapter(target, content);

    const recorded = await addon.readTensors(verification.path(partner));
    const { alpha } = await addon.inspectAdapter(verification.path(partner));
    const error = largestFactorError(content, recorded, alpha);
    verification.measure(`${folder} in, matrices against ${partner}`, error, 1e-6);

    const adapter = await model.openAdapter(target);
    for (const [name, { tokens, adapters, logit_std }] of uses) {
      const file = verification.file(`${name}.exact.npy`);
      if (!file) continue;
      const expected = npyValues(file, name);
      const strength = adapters[0]?.[1] ?? 1;
      const found = await model.logits(Int32Array.from(tokens), {
        adapters: [{ adapter, strength }],
        activations: "exact",
      });
      const limit = exactShare * (logit_std ?? standardDeviation(expected));
      verification.measure(`${folder} in, logits at strength ${strength}`, largestDifference(found, expected), limit);
    }
    adapter.close();

    const out = join(scratch, folder);
    await mkdir(out);
    await writePeftFolder(out, writePeft(await addon.readTensors(target), content.alpha, base, folder));
    const again = await readAdapterFolder(out, base, folder);
    verification.equal(`${folder} in and out again`, contentDifferences(again.content, content));
    const weights = verification.file(folder, "adapter_model.safetensors");
    if (weights) {
      const files = writePeft(await addon.readTensors(verification.path(partner)), alpha, base, folder);
      verification.equal(
        `${partner} out, against ${folder}`,
        safetensorsDifferences(Buffer.concat(files.weights), weights),
      );
    }
  });
}

async function verifyRoundTrip(verification: Verification, file: string, modelFile: string, scratch: string) {
  const { addon } = verification;
  const name = `${file} to PEFT and back`;
  await verification.check(name, async () => {
    const model = await verification.model(modelFile);
    const base = await baseFacts(addon, model);
    const tensors = await addon.readTensors(verification.path(file));
    const { alpha } = await addon.inspectAdapter(verification.path(file));
    const folder = await mkdtemp(join(scratch, "trip-"));
    await writePeftFolder(folder, writePeft(tensors, alpha, base, modelFile));
    const { content } = await readAdapterFolder(folder, base, file);
    const living = tensors.filter((tensor) => !hasNoEffect(tensor.name.replace(/\.lora_[ab]$/, "")));
    verification.equal(name, [
      ...contentDifferences(content, { tensors: living }),
      ...(alpha !== 0 && content.alpha !== alpha ? [`alpha ${content.alpha} instead of ${alpha}`] : []),
    ]);
  });
}

/** Largest relative error of A, and of B times the factor of its pair. */
function largestFactorError(found: NativeAdapterContent, recorded: readonly NativeTensor[], alpha: number): number {
  const living = recorded.filter(({ name }) => !hasNoEffect(name.replace(/\.lora_[ab]$/, "")));
  if (living.length !== found.tensors.length) return Number.POSITIVE_INFINITY;
  const ours = new Map(found.tensors.map((tensor) => [tensor.name, tensor]));
  const errors = living.map(({ name, shape, values }) => {
    const own = ours.get(name);
    if (!own || own.shape.join() !== shape.join()) return Number.POSITIVE_INFINITY;
    if (name.endsWith(".lora_a")) return relativeError(own.values, values);
    const rank = shape[0] ?? 1;
    const factor = found.alpha / (alpha === 0 ? rank : alpha);
    return relativeError(
      own.values.map((value) => value * factor),
      values,
    );
  });
  return Math.max(...errors);
}

type Tensors = Pick<NativeAdapterContent, "tensors">;

function contentDifferences(found: Tensors, expected: Tensors): string[] {
  const ours = new Map(found.tensors.map((tensor) => [tensor.name, tensor.values]));
  return [
    ...(ours.size === expected.tensors.length ? [] : [`${ours.size} matrices instead of ${expected.tensors.length}`]),
    ...expected.tensors.flatMap(({ name, values }) => {
      const difference = bitDifference(ours.get(name) ?? new Float32Array(0), values);
      return difference === null ? [] : [`${name}: ${difference}`];
    }),
  ];
}

function safetensorsDifferences(found: Uint8Array, expected: Uint8Array): string[] {
  const ours = new Map(parseSafetensors(found, "what was written").map((tensor) => [tensor.name, tensor]));
  const recorded = parseSafetensors(expected, "adapter_model.safetensors");
  return [
    ...(ours.size === recorded.length ? [] : [`${ours.size} tensors instead of ${recorded.length}`]),
    ...recorded.flatMap(({ name, dtype, shape, bytes }) => {
      const own = ours.get(name);
      if (!own || own.dtype !== dtype || own.shape.join() !== shape.join()) return [`${name} is missing or another`];
      const difference = bitDifference(own.bytes, bytes);
      return difference === null ? [] : [`${name}: ${difference}`];
    }),
  ];
}
