import { baseFacts } from "@main/adapters/formats/base-facts";
import { readAdapterFolder, writePeftFolder } from "@main/adapters/formats/folder";
import { writePeft } from "@main/adapters/formats/write-peft";
import type { OpenModel, OpenModels } from "@main/engine/worker/models";
import type { Addon, NativeActiveAdapter } from "@shared/engine/addon";
import type { EngineContract } from "@shared/engine/protocol";
import type { Handlers } from "@shared/ipc/define";

export function adapterHandlers(addon: Addon, models: OpenModels): Handlers<EngineContract>["adapters"] {
  return {
    convert: ({ source, target, type, metadata }) => addon.convertAdapter(source, target, { type, metadata }),
    importFolder: ({ model, folder, target, name }) =>
      models.use(model, async ({ native }) => {
        const { content, notices } = await readAdapterFolder(folder, await baseFacts(addon, native), name);
        await addon.writeAdapter(target, content);
        return { notices };
      }),
    exportPeft: ({ model, source, folder, baseName }) =>
      models.use(model, async ({ native }) => {
        const { alpha } = await addon.inspectAdapter(source);
        const files = writePeft(await addon.readTensors(source), alpha, await baseFacts(addon, native), baseName);
        await writePeftFolder(folder, files);
        return { notices: files.notices };
      }),
    check: ({ model, path }) => models.use(model, async (open) => (await open.adapter(path)).info),
    compare: ({ tokens, left, right, activations }) =>
      models.use(left.model, (first) =>
        models.use(right.model, async (second) => {
          const { done } = first.native.compare(
            {
              tokens: Int32Array.from(tokens),
              adapters: await fullStrength(first, left.adapter),
              other: { model: second.native, adapters: await fullStrength(second, right.adapter) },
              ...(activations ? { activations } : {}),
            },
            () => undefined,
          );
          return done;
        }),
      ),
    describe: async ({ path }) => {
      const pairs = (await addon.readTensors(path, ".lora_a")).map(({ name }) => name.replace(/\.lora_a$/, ""));
      const targets = pairs.map((name) => name.replace(/^blk\.\d+\./, "").replace(/\.weight$/, ""));
      return { targets: [...new Set(targets)].sort(), tensors: 2 * pairs.length };
    },
  };
}

async function fullStrength(model: OpenModel, path: string | null): Promise<NativeActiveAdapter[]> {
  return path === null ? [] : [{ adapter: await model.adapter(path), strength: 1 }];
}
