import { baseFacts } from "@main/adapters/formats/base-facts";
import { readAdapterFolder, writePeftFolder } from "@main/adapters/formats/folder";
import { writePeft } from "@main/adapters/formats/write-peft";
import type { OpenModel, OpenModels } from "@main/engine/worker/models";
import type { Addon } from "@shared/engine/addon";
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
        const ids = Int32Array.from(tokens);
        const first = await logitsWith(open, ids, left, activations);
        const second = await logitsWith(open, ids, right, activations);
        return compareLogits(first, second, tokens.length);
      }),
  };
}

async function logitsWith(
  model: OpenModel,
  tokens: Int32Array,
  adapterPath: string | null,
  activations?: "exact" | "rounded",
): Promise<Float32Array> {
  const adapters = adapterPath === null ? [] : [{ adapter: await model.adapter(adapterPath), strength: 1 }];
  return model.native.logits(tokens, { adapters, ...(activations ? { activations } : {}) });
}

/** Two sets of logits, row-major [rows, vocabulary]. `logitSpread` is the standard deviation of the first. */
export function compareLogits(left: Float32Array, right: Float32Array, rows: number) {
  const width = rows > 0 ? left.length / rows : 0;
  let maxDifference = 0;
  let sum = 0;
  let squares = 0;
  let agree = 0;
  for (let row = 0; row < rows; row += 1) {
    let bestLeft = row * width;
    let bestRight = row * width;
    for (let index = row * width; index < (row + 1) * width; index += 1) {
      const a = left[index] ?? 0;
      const b = right[index] ?? 0;
      const difference = Math.abs(a - b);
      // NaN is a difference that no tolerance covers.
      if (!(difference <= maxDifference))
        maxDifference = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
      sum += a;
      squares += a * a;
      if (a > (left[bestLeft] ?? 0)) bestLeft = index;
      if (b > (right[bestRight] ?? 0)) bestRight = index;
    }
    if (bestLeft === bestRight) agree += 1;
  }
  const mean = left.length > 0 ? sum / left.length : 0;
  const logitSpread = left.length > 0 ? Math.sqrt(Math.max(0, squares / left.length - mean * mean)) : 0;
  return { maxDifference, logitSpread, top1Agreement: rows > 0 ? agree / rows : 1, tokens: rows };
}
