import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { BaseFacts } from "@main/adapters/formats/pairs";
import { floatValues, parseSafetensors, safetensorsFile } from "@main/adapters/formats/safetensors";

const models = new URL("../../../fixtures/models/", import.meta.url);
export const peftFolder = (name: string) => fileURLToPath(new URL(`${name}-peft/`, models));

export interface Matrix {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** A recorded PEFT adapter: its config, to be changed, and its matrices. */
export function recorded(name: string): { config: Record<string, unknown>; matrices: Matrix[] } {
  const read = (file: string) => readFileSync(`${peftFolder(name)}${file}`);
  const matrices = parseSafetensors(read("adapter_model.safetensors"), name).map((tensor) => ({
    name: tensor.name,
    shape: tensor.shape,
    values: floatValues(tensor),
  }));
  return { config: JSON.parse(read("adapter_config.json").toString()), matrices };
}

export const fileOf = (matrices: readonly Matrix[]): Uint8Array => Buffer.concat(safetensorsFile(matrices));

/** The base of `recorded("lora-llama-f16")`. */
export const llama: BaseFacts = {
  architecture: "llama",
  blockCount: 2,
  headCount: 4,
  headCountKv: 2,
  permutedQk: true,
  scales: new Map(),
};
