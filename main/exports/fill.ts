import { rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { peftFileNames } from "@main/adapters/formats/folder";
import { bundleOf, bundleText, probeText } from "@main/exports/bundle";
import { checkAdapter, checkMerged, checkTexts, type Side } from "@main/exports/check";
import { type ExportContents, modelFiles, modelStem, plainFileName, writeText } from "@main/exports/contents";
import type { ExportOptions, ExportSource } from "@main/exports/export-adapter";
import { writeMerged } from "@main/exports/merge";
import { modelfileText, ollamaTemplate } from "@main/exports/modelfile";
import { checkProbes, type ProbedModel, probe } from "@main/exports/probes";
import { embeddingOf, mainType, profiles, quantName } from "@main/exports/profiles";
import type { ExportMeter } from "@main/exports/progress";
import { readmeText } from "@main/exports/readme";
import { slugOf } from "@main/exports/slug";
import { activationKey, modelRef } from "@main/models/model-ref";
import { sha256OfFile } from "@main/storage/files";
import type { ModelRef } from "@shared/engine/protocol";
import type { Bundle } from "@shared/models/bundle";
import type { ExportGate, ExportPlan, ExportRequest } from "@shared/models/export";
import type { LogitDistance } from "@shared/models/logits";

/** Parts of a base that a browser loads; room is left for the vocabulary, which lies in the first. */
const partBytes = 480_000_000;

interface FillOptions extends Omit<ExportOptions, "onProgress">, ExportSource {
  readonly request: ExportRequest;
  readonly plan: ExportPlan;
  readonly contents: ExportContents;
  readonly meter: ExportMeter;
  readonly signal: AbortSignal;
}

export interface FilledExport {
  readonly bundle: Bundle;
  readonly gates: readonly ExportGate[];
  /** Every file, in the order of an archive. */
  readonly paths: readonly string[];
}

/** What was written, as the engine can load it. */
interface Written {
  readonly right: Side;
  readonly probed: ProbedModel;
  readonly warnings: readonly string[];
  /** Where writing has compared already. */
  readonly found: LogitDistance | null;
  check(found: LogitDistance): void;
}

/** Writes everything of an export into its folder, loads it again, compares it, and seals it with manifest and checksums. */
export async function fillExport(options: FillOptions): Promise<FilledExport> {
  const { engine, datasets, settings, adapter, info, baseDigest, request, plan, contents, meter, signal } = options;
  const model = modelRef(info, settings.get());
  // Beside the bytes written and read again: loading and running a model takes about as long as reading it a few times.
  meter.expect(2 * plan.bytes + 6 * info.fileBytes);

  meter.enter("writing");
  const written = await writeWeights(options, model);
  try {
    meter.enter("comparing");
    const texts = await checkTexts({ engine, datasets, model, contextLength: info.contextLength, adapter });
    signal.throwIfAborted();
    const found =
      written.found ??
      (await engine.adapters.compare({
        tokens: texts.tokens,
        left: { model, adapter: adapter.path },
        right: written.right,
        activations: "exact",
      }));
    written.check(found);
    meter.add(2 * info.fileBytes);

    meter.enter("probing");
    const probes = await probe(engine, model, [written.probed], request.probes, signal);
    checkProbes(probes);
    meter.add(4 * info.fileBytes);

    meter.enter("sealing");
    await removeScratch(contents);
    await writeModelfile(options, model);
    await contents.write("probe/prompts.json", probeText(probes), "probe");
    const gates = settledGates(plan.gates, found, probes.prompts.length);
    const facts = {
      version: options.version,
      wish: request,
      plan,
      adapter,
      info,
      baseDigest,
      described: await engine.adapters.describe({ path: adapter.path }),
      training: trainingFacts(options),
      found,
      comparedOn: texts.on,
      gates,
      notes: written.warnings,
    };
    const baseFile = plainFileName(info.path);
    const draft = bundleOf({ ...facts, files: contents.files });
    await contents.write("README.md", readmeText(draft, probes, request.profile, baseFile), "readme");
    const bundle = bundleOf({ ...facts, files: contents.files });
    await writeText(await contents.place("hone.json"), bundleText(bundle));
    await writeSums(contents);
    return { bundle, gates, paths: [...contents.files.map(({ path }) => path), "hone.json", "SHA256SUMS"] };
  } finally {
    // The folder is about to be renamed or deleted.
    await engine.engine.closeModel({ path: written.right.model.path }).catch(() => undefined);
  }
}

async function writeWeights(options: FillOptions, model: ModelRef): Promise<Written> {
  const { info, request, plan } = options;
  if (plan.mergedType) return writeMergedModel(options, model);
  const profile = profiles[request.profile];
  const base = profile.base ? await writeBase(options) : info.path;
  const side = (adapter: string): Pick<Written, "right" | "probed"> => ({
    right: { model: { ...model, path: base }, adapter },
    probed: {
      quant: mainType(info),
      model: { ...model, path: base },
      adapters: [adapter],
    },
  });
  const peft = profile.peft ? await writePeft(options, model) : null;
  const type = request.adapterType ?? "f16";
  const adapter = profile.adapter ? await writeAdapter(options, type) : null;
  return {
    ...side(adapter ?? peft ?? ""),
    warnings: [],
    found: null,
    check: (found) => checkAdapter(found, adapter ? type : "peft", options.adapter.name),
  };
}

async function writeAdapter({ engine, adapter, info, baseDigest, contents }: FillOptions, type: "f16" | "f32") {
  const path = `adapter/${slugOf(adapter.name)}.lora-${type}.gguf`;
  const target = await contents.place(path);
  await engine.adapters.convert({
    source: adapter.path,
    target,
    type,
    metadata: {
      "general.name": adapter.name,
      "general.base_model.count": "1",
      "general.base_model.0.name": info.name,
      "adapter.lora.task_name": adapter.name,
      ...activationKey(info),
      ...provenance(adapter, baseDigest),
    },
  });
  await contents.enter(path, "adapter", quantName(type));
  return target;
}

/** Gives the path of what a reader of the folder would get, converted back for the check; it does not stay. */
async function writePeft({ engine, adapter, info, contents }: FillOptions, model: ModelRef): Promise<string> {
  const [first] = peftFileNames;
  const folder = join(await contents.place(`adapter/peft/${first}`), "..");
  await engine.adapters.exportPeft({ model, source: adapter.path, folder, baseName: info.name });
  for (const name of peftFileNames)
    await contents.enter(`adapter/peft/${name}`, "peft", name.endsWith(".safetensors") ? "F32" : null);
  const back = await contents.place(scratch);
  await engine.adapters.importFolder({ model, folder, target: back, name: adapter.name });
  return back;
}

const scratch = "read-back.gguf";

async function removeScratch(contents: ExportContents): Promise<void> {
  await rm(await contents.place(scratch), { force: true });
}

/** Gives the path of the base's first file in the export. */
async function writeBase({ engine, info, request, contents, meter }: FillOptions): Promise<string> {
  const quant = mainType(info);
  if (profiles[request.profile].base === "parts") {
    const stem = await contents.place(`base/${modelStem(info.path)}`);
    const { paths } = await engine.models.split({ source: info.path, stem, partBytes });
    meter.add(info.fileBytes);
    for (const path of paths) await contents.enter(`base/${basename(path)}`, "base", quant);
    return paths[0] ?? "";
  }
  for (const file of modelFiles(info.path)) await contents.copy(file, `base/${plainFileName(file)}`, "base", quant);
  return contents.place(`base/${plainFileName(info.path)}`);
}

async function writeMergedModel(options: FillOptions, model: ModelRef): Promise<Written> {
  const { engine, datasets, adapter, info, baseDigest, contents, request, plan, meter, signal } = options;
  const type = plan.mergedType;
  if (!type) throw new Error("a merged profile always has a type");
  const path = `merged/${slugOf(adapter.name)}-${type}.gguf`;
  const target = await contents.place(path);
  let told = 0;
  const {
    check,
    warnings,
    plan: merged,
  } = await writeMerged({
    engine,
    datasets,
    model,
    base: { info, digest: baseDigest },
    adapter,
    strength: 1,
    type,
    embedding: embeddingOf(request.profile),
    target,
    signal,
    onProgress: ({ stage, done }) => {
      const bytes = (stage === "writing" ? 0.6 * done : 0.6 + 0.4 * done) * plan.bytes;
      meter.add(Math.max(0, bytes - told));
      told = Math.max(told, bytes);
    },
  });
  await contents.enter(path, "merged", quantName(type));
  const ref = { ...model, path: target };
  return {
    right: { model: ref, adapter: null },
    probed: { quant: quantName(type), model: ref, adapters: [] },
    warnings: [...warnings, ...merged.notes],
    found: check.merged,
    check: (found) => checkMerged(found, type, adapter.name),
  };
}

function provenance(adapter: ExportSource["adapter"], baseDigest: string): Record<string, string> {
  return {
    "hone.base.sha256": baseDigest,
    "hone.adapter.sha256": adapter.digest,
    ...(adapter.datasetDigest === null ? {} : { "hone.dataset.sha256": adapter.datasetDigest }),
  };
}

async function writeModelfile({ engine, info, request, contents }: FillOptions, model: ModelRef): Promise<void> {
  if (!profiles[request.profile].modelfile) return;
  const adapter = contents.files.find(({ role }) => role === "adapter")?.path ?? "";
  const text = modelfileText(plainFileName(info.path), adapter, await ollamaTemplate(engine, model));
  await contents.write("Modelfile", text, "modelfile");
}

function trainingFacts({ adapter, datasets, histories }: FillOptions) {
  const metrics = adapter.runId === null ? [] : histories.read(adapter.runId).metrics;
  return {
    rows: (adapter.datasetId !== null && datasets.find(adapter.datasetId)?.rows) || null,
    steps: metrics.at(-1)?.step ?? null,
    firstLoss: metrics[0]?.trainLoss ?? null,
  };
}

/** The gates with what was found out on the way. */
function settledGates(gates: readonly ExportGate[], found: LogitDistance, prompts: number): ExportGate[] {
  return gates.map((gate) => {
    if (gate.id === "agreement")
      return {
        ...gate,
        state: "pass",
        text: `The likeliest token is the same at ${(found.top1Agreement * 100).toFixed(1)} % of ${found.tokens} tokens; the divergence is ${found.divergence.toPrecision(2)} nats.`,
      };
    if (gate.id === "reload")
      return {
        ...gate,
        state: "pass",
        text: `The written files were loaded again and answered ${prompts} probe prompts.`,
      };
    return gate;
  });
}

/** In the plain format of sha256sum, the manifest included. */
async function writeSums(contents: ExportContents): Promise<void> {
  const manifest = { path: "hone.json", sha256: await sha256OfFile(await contents.place("hone.json")) };
  const lines = [...contents.files, manifest].map(({ path, sha256 }) => `${sha256}  ${path}\n`);
  await writeText(await contents.place("SHA256SUMS"), lines.join(""));
}
