import type { BaseFacts } from "@main/adapters/formats/pairs";
import type { Addon, NativeModel } from "@shared/engine/addon";

/** What conversions need of an open base model. */
export async function baseFacts(addon: Addon, { info }: NativeModel): Promise<BaseFacts> {
  const scales = new Map<string, number>();
  for (const { name, values } of await addon.readTensors(info.path, ".scale")) {
    const [value] = values;
    if (values.length === 1 && value) scales.set(name.replace(/\.scale$/, ".weight"), value);
  }
  const { architecture, blockCount, headCount, headCountKv, permutedQk } = info;
  return { architecture, blockCount, headCount, headCountKv, permutedQk, scales };
}
