import { type Halves, type HalvesLayout, joinHalves } from "@main/adapters/formats/halves";
import { placeOfTensor, tensorOfModule } from "@main/adapters/formats/module-names";
import { type BaseFacts, contentOf, type LoraPair } from "@main/adapters/formats/pairs";
import type { ConvertedAdapter } from "@main/adapters/formats/read-peft";
import { parseSafetensors } from "@main/adapters/formats/safetensors";
import { parseStrictJson } from "@main/adapters/formats/strict-json";
import { HoneError } from "@shared/errors";
import { z } from "zod";

const configSchema = z.looseObject({
  fine_tune_type: z.string().default("lora"),
  model: z.string().nullish(),
  lora_parameters: z.looseObject({ scale: z.number().default(20) }),
});

/** An MLX adapter, from the two files of its folder, as a GGUF adapter for a base. Throws as `readPeft` does. */
export function readMlx(config: string, weights: Uint8Array, base: BaseFacts, name: string): ConvertedAdapter {
  const parsed = configSchema.safeParse(parseStrictJson(config, "adapter_config.json"));
  if (!parsed.success)
    throw new HoneError(
      "adapter.config",
      "adapter_config.json is not one of an MLX adapter: lora_parameters is missing.",
    );
  const { fine_tune_type: kind, model, lora_parameters } = parsed.data;
  if (kind !== "lora") {
    throw new HoneError(
      "adapter.unsupported",
      `This MLX adapter is of the kind ${JSON.stringify(kind.slice(0, 40))}; only "lora" has a place in a GGUF adapter.`,
      "Fuse it with its base, and open the result.",
    );
  }
  const modules = new Map<string, Halves>();
  for (const tensor of parseSafetensors(weights, "adapters.safetensors")) {
    const [, module = "", half] = /^(.+)\.lora_([ab])$/.exec(tensor.name) ?? [];
    if (half === undefined)
      throw new HoneError("adapter.tensor", `The adapter holds ${tensor.name}, which is no half of a LoRA pair.`);
    modules.set(module, { ...modules.get(module), [half]: tensor });
  }
  const pairs = [...modules].map(([module, halves]) => toPair(module, halves, lora_parameters.scale, base));
  pairs.sort(
    (left, right) => placeOfTensor(base.architecture, left.tensor) - placeOfTensor(base.architecture, right.tensor),
  );
  const metadata: Record<string, string> = model ? { "general.base_model.0.name": model.slice(0, 1000) } : {};
  return { content: contentOf(pairs, { architecture: base.architecture, name, metadata }), notices: [] };
}

const layout: HalvesLayout = { names: { a: "lora_a", b: "lora_b" }, transposed: true };

function toPair(module: string, halves: Halves, factor: number, base: BaseFacts): LoraPair {
  const tensor = tensorOfModule(base.architecture, module);
  if (tensor === null)
    throw new HoneError(
      "adapter.tensor",
      `The adapter changes ${module}, which does not exist in a ${base.architecture} model.`,
      "The adapter belongs to another model.",
    );
  return { ...joinHalves(module, tensor, halves, layout, base), factor: factor / (base.scales.get(tensor) ?? 1) };
}
