import { hasNoEffect, moduleOfTensor } from "@main/adapters/formats/module-names";
import type { BaseFacts } from "@main/adapters/formats/pairs";
import { permutedHeads, separateHalves } from "@main/adapters/formats/row-order";
import { safetensorsFile } from "@main/adapters/formats/safetensors";
import type { NativeTensor } from "@shared/engine/addon";
import { HoneError } from "@shared/errors";

export interface PeftFiles {
  /** adapter_config.json. */
  readonly config: string;
  /** adapter_model.safetensors, piece by piece. */
  readonly weights: readonly Uint8Array[];
  readonly notices: readonly string[];
}

interface Module {
  readonly path: string;
  readonly rank: number;
}

/** A GGUF adapter, by its tensors and its alpha (0: none), as the two files of a PEFT folder. Throws "adapter.*". */
export function writePeft(
  tensors: readonly NativeTensor[],
  alpha: number,
  base: BaseFacts,
  baseName: string,
): PeftFiles {
  const notices: string[] = [];
  const modules: Module[] = [];
  const written: { name: string; shape: readonly number[]; values: Float32Array }[] = [];
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  for (const a of tensors) {
    const stem = /^(.+)\.lora_a$/.exec(a.name)?.[1];
    if (stem === undefined) continue;
    if (hasNoEffect(stem)) {
      notices.push(`The pair on ${stem} was dropped: it has no effect on any engine.`);
      continue;
    }
    const path = moduleOfTensor(base.architecture, stem);
    const b = byName.get(`${stem}.lora_b`);
    const [inputs = 0, rank = 0] = a.shape;
    const outputs = b?.shape[1] ?? 0;
    if (path === null || !b || rank * inputs * outputs === 0)
      throw new HoneError("adapter.tensor", `${stem} has no place in a PEFT adapter of a ${base.architecture} model.`);
    const heads = permutedHeads(base, stem);
    const scale = base.scales.get(stem) ?? 1;
    const rows = heads > 0 ? separateHalves(b.values, rank, heads) : b.values;
    const prefix = `base_model.model.${path}`;
    written.push({ name: `${prefix}.lora_A.weight`, shape: [rank, inputs], values: a.values });
    written.push({
      name: `${prefix}.lora_B.weight`,
      shape: [outputs, rank],
      // The engine scales what the pair adds together with the matrix; PEFT adds it behind the scale.
      values: scale === 1 ? rows : rows.map((value) => value * scale),
    });
    modules.push({ path, rank });
  }
  if (modules.length === 0) throw new HoneError("adapter.empty", "The adapter holds no pair that changes the model.");
  return {
    config: `${JSON.stringify(configOf(modules, alpha, base, baseName), null, 2)}\n`,
    weights: safetensorsFile(written),
    notices,
  };
}

function configOf(
  modules: readonly Module[],
  alpha: number,
  base: BaseFacts,
  baseName: string,
): Record<string, unknown> {
  const rank = mostFrequent(modules.map((module) => module.rank));
  const others = modules.filter((module) => module.rank !== rank);
  const targets = new Set(modules.map(({ path }) => path.slice(path.lastIndexOf(".") + 1)));
  const layers = new Set(modules.map(({ path }) => path));
  return {
    alpha_pattern: alpha === 0 ? Object.fromEntries(others.map((module) => [module.path, module.rank])) : {},
    base_model_name_or_path: baseName,
    bias: "none",
    fan_in_fan_out: false,
    inference_mode: true,
    init_lora_weights: true,
    layers_pattern: null,
    layers_to_transform: null,
    lora_alpha: alpha === 0 ? rank : alpha,
    lora_dropout: 0,
    modules_to_save: null,
    peft_type: "LORA",
    r: rank,
    rank_pattern: Object.fromEntries(others.map((module) => [module.path, module.rank])),
    revision: null,
    // Where every layer has the same modules their last names do; else each is named in full.
    target_modules: isRegular(modules, base.blockCount) ? [...targets].sort() : [...layers].sort(),
    task_type: "CAUSAL_LM",
    use_dora: false,
    use_rslora: false,
  };
}

/** Every layer has the same modules: an adapter of a part of the layers must not be widened to all by short names. */
function isRegular(modules: readonly Module[], blockCount: number): boolean {
  const perLayer = new Map<string, string[]>();
  for (const { path } of modules) {
    const [, layer = "", module = path] = /^model\.layers\.(\d+)\.(.+)$/.exec(path) ?? [];
    perLayer.set(layer, [...(perLayer.get(layer) ?? []), module]);
  }
  perLayer.delete("");
  return perLayer.size === blockCount && new Set([...perLayer.values()].map((list) => list.sort().join())).size === 1;
}

function mostFrequent(values: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([, left], [, right]) => right - left)[0]?.[0] ?? 0;
}
