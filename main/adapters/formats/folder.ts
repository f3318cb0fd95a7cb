import { readFile, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { BaseFacts } from "@main/adapters/formats/pairs";
import { readMlx } from "@main/adapters/formats/read-mlx";
import { type ConvertedAdapter, readPeft } from "@main/adapters/formats/read-peft";
import type { PeftFiles } from "@main/adapters/formats/write-peft";
import { withFileErrors } from "@main/storage/file-error";
import { isFile, writeAtomic, writeTextAtomic } from "@main/storage/files";
import { HoneError } from "@shared/errors";

const configName = "adapter_config.json";
export const peftFileNames = [configName, "adapter_model.safetensors"] as const;
const mlxWeights = "adapters.safetensors";

const longestConfig = 4 * 2 ** 20;

/** The folder that a person means who chose it, or one of the files inside; null for other files. */
export async function adapterFolderOf(path: string): Promise<string | null> {
  const found = await withFileErrors("read", path, () => stat(path));
  if (found.isDirectory()) return path;
  const name = basename(path);
  return name === configName || name === mlxWeights || /^adapter_model\./.test(name) ? dirname(path) : null;
}

/** A PEFT or MLX folder as a GGUF adapter for a base. Throws "adapter.folder" for other folders, and as `readPeft` does. */
export async function readAdapterFolder(folder: string, base: BaseFacts, name: string): Promise<ConvertedAdapter> {
  const configPath = join(folder, configName);
  if (!(await isFile(configPath))) {
    throw new HoneError(
      "adapter.folder",
      `"${folder}" holds no ${configName}.`,
      "Choose a GGUF adapter, or the folder that PEFT or MLX saved the adapter in.",
    );
  }
  if ((await stat(configPath)).size > longestConfig)
    throw new HoneError("adapter.config", `${configName} is larger than any adapter's; the limit is 4 MB.`);
  const config = await readFile(configPath, "utf8");
  const weights = (file: string) => withFileErrors("read", join(folder, file), () => readFile(join(folder, file)));
  if (await isFile(join(folder, peftFileNames[1])))
    return readPeft(config, await weights(peftFileNames[1]), base, name);
  if (await isFile(join(folder, mlxWeights))) return readMlx(config, await weights(mlxWeights), base, name);
  const pickled = await isFile(join(folder, "adapter_model.bin"));
  throw new HoneError(
    "adapter.folder",
    pickled
      ? `"${folder}" holds its weights as adapter_model.bin, a Python program that could do anything; Hone never loads it.`
      : `"${folder}" holds neither ${peftFileNames[1]} nor ${mlxWeights}.`,
    pickled ? "Save the adapter as safetensors in Python." : "The folder is incomplete; get it again.",
  );
}

/** Both files appear whole; the folder must be there. */
export async function writePeftFolder(folder: string, { config, weights }: PeftFiles): Promise<void> {
  await writeAtomic(join(folder, peftFileNames[1]), async (file) => {
    for (const piece of weights) await file.write(piece);
  });
  await writeTextAtomic(join(folder, configName), config);
}
