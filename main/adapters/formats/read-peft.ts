import { type Halves, type HalvesLayout, joinHalves } from "@main/adapters/formats/halves";
import { hasNoEffect, placeOfTensor, tensorOfModule } from "@main/adapters/formats/module-names";
import { patternValue } from "@main/adapters/formats/module-patterns";
import { type BaseFacts, contentOf, type LoraPair } from "@main/adapters/formats/pairs";
import { type PeftConfig, parsePeftConfig } from "@main/adapters/formats/peft-config";
import { parseSafetensors, type SafeTensor } from "@main/adapters/formats/safetensors";
import type { NativeAdapterContent } from "@shared/engine/addon";
import { HoneError } from "@shared/errors";

export interface ConvertedAdapter {
  readonly content: NativeAdapterContent;
  /** In words, for the person. */
  readonly notices: readonly string[];
}

/** A PEFT adapter, from its two files, as a GGUF adapter for a base. Throws "adapter.*", "safetensors.*", "json.*". */
export function readPeft(config: string, weights: Uint8Array, base: BaseFacts, name: string): ConvertedAdapter {
  const { config: settings, notices } = parsePeftConfig(config);
  if (settings.lora_alpha < 0)
    notices.push(`lora_alpha is ${settings.lora_alpha}, below 0: the adapter takes away what it was trained to add.`);
  const pairs: LoraPair[] = [];
  for (const [module, halves] of modulesIn(parseSafetensors(weights, "adapter_model.safetensors"))) {
    const tensor = tensorOfModule(base.architecture, module);
    if (tensor === null) {
      if (/\.[a-z_]*norm$/.test(module)) {
        notices.push(`The pair on ${module} was dropped: it has no effect on any engine.`);
        continue;
      }
      throw new HoneError(
        "adapter.tensor",
        `The adapter changes ${module}, which does not exist in a ${base.architecture} model.`,
        "Choose the model that the adapter was trained on.",
      );
    }
    if (hasNoEffect(tensor)) continue;
    pairs.push(toPair(module, tensor, halves, settings, base, notices));
  }
  pairs.sort(
    (left, right) => placeOfTensor(base.architecture, left.tensor) - placeOfTensor(base.architecture, right.tensor),
  );
  const from = settings.base_model_name_or_path;
  const metadata: Record<string, string> = from ? { "general.base_model.0.name": from.slice(0, 1000) } : {};
  return { content: contentOf(pairs, { architecture: base.architecture, name, metadata }), notices };
}

/** The halves of every module by its path. Throws "adapter.unsupported" listing all tensors that have no place in a GGUF adapter. */
function modulesIn(tensors: readonly SafeTensor[]): Map<string, Halves> {
  const modules = new Map<string, Halves>();
  const foreign: string[] = [];
  for (const tensor of tensors) {
    if (tensor.name.endsWith(".base_layer.weight")) continue;
    const [, path, half] = /^(.+)\.lora_([AB])(?:\.default)?\.weight$/.exec(tensor.name) ?? [];
    if (path === undefined) {
      foreign.push(tensor.name);
      continue;
    }
    // Whatever wraps the model stands in front of its own path.
    const module = /(?:^|\.)((?:model\.)?layers\.\d+\..+|lm_head)$/.exec(path)?.[1] ?? path;
    const key = module.startsWith("layers.") ? `model.${module}` : module;
    const halves = modules.get(key) ?? {};
    if (half === "A" ? halves.a : halves.b)
      throw new HoneError("adapter.tensor", `The adapter holds two matrices lora_${half} for ${key}.`);
    modules.set(key, { ...halves, [half === "A" ? "a" : "b"]: tensor });
  }
  if (foreign.length > 0) {
    throw new HoneError(
      "adapter.unsupported",
      `The adapter holds tensors that have no place in a GGUF adapter: ${foreign.slice(0, 8).join(", ")}${foreign.length > 8 ? `, and ${foreign.length - 8} more` : ""}.`,
      "Magnitudes (DoRA), biases, embeddings and whole modules can only be merged into the base.",
    );
  }
  return modules;
}

const layout: HalvesLayout = { names: { a: "lora_A", b: "lora_B" }, transposed: false };

function toPair(
  module: string,
  tensor: string,
  halves: Halves,
  settings: PeftConfig,
  base: BaseFacts,
  notices: string[],
): LoraPair {
  const pair = joinHalves(module, tensor, halves, layout, base);
  const { rank } = pair;
  const configured = patternValue(settings.rank_pattern ?? {}, module) ?? settings.r;
  if (configured !== rank)
    notices.push(
      `adapter_config.json gives ${module} the rank ${configured}; its matrices have ${rank}, which is used.`,
    );
  const alpha = patternValue(settings.alpha_pattern ?? {}, module) ?? settings.lora_alpha;
  const scale = base.scales.get(tensor) ?? 1;
  return {
    ...pair,
    // The engine scales what the pair adds together with the matrix; such adapters were trained behind the scale.
    factor: alpha / (settings.use_rslora ? Math.sqrt(rank) : rank) / scale,
  };
}
