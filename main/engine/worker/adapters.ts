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
    compare: ({ model, tokens, left, right, activations }) =>
      models.use(model, async (open) => {
        const { done } = open.native.compare(
          {
            tokens: Int32Array.from(tokens),
            adapters: await fullStrength(open, left),
            other: { adapters: await fullStrength(open, right) },
            ...(activations ? { activations } : {}),
          },
          () => undefined,
        );
        return done;
      }),
  };
}

async function fullStrength(model: OpenModel, path: string | null): Promise<NativeActiveAdapter[]> {
  return path === null ? [] : [{ adapter: await model.adapter(path), strength: 1 }];
}
