import { open, rename, rm } from "node:fs/promises";
import type { OpenModels } from "@main/engine/worker/models";
import { npyHeader } from "@main/engine/worker/npy";
import type { EngineContract } from "@shared/engine/protocol";
import type { Handlers } from "@shared/ipc/define";

export function logitsHandlers(models: OpenModels): Handlers<EngineContract>["logits"] {
  return {
    write: ({ model, tokens, adapters, activations, out }) =>
      models.use(model, async (open) => {
        const active = await Promise.all(
          adapters.map(async ({ path, strength }) => ({ adapter: await open.adapter(path), strength })),
        );
        const logits = await open.native.logits(Int32Array.from(tokens), {
          adapters: active,
          ...(activations ? { activations } : {}),
        });
        const vocabulary = tokens.length > 0 ? logits.length / tokens.length : 0;
        await writeNpy(out, logits, [tokens.length, vocabulary]);
        return { tokens: tokens.length, vocabulary };
      }),
  };
}

/** The file appears whole or not at all. */
async function writeNpy(path: string, values: Float32Array, shape: readonly number[]): Promise<void> {
  const temporary = `${path}.${process.pid}.part`;
  try {
    const file = await open(temporary, "w");
    try {
      await file.writeFile(npyHeader("<f4", shape));
      await file.writeFile(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
