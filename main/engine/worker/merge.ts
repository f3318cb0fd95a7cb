import type { OpenModel, OpenModels } from "@main/engine/worker/models";
import type { NativeActiveAdapter, NativeWork } from "@shared/engine/addon";
import type { EngineContract, ModelRef } from "@shared/engine/protocol";
import { HoneError } from "@shared/errors";
import type { Emit, Handlers } from "@shared/ipc/define";
import type { LogitDistance } from "@shared/models/logits";
import type { MergePlan } from "@shared/models/merge";

type MergeHandlers = Handlers<EngineContract>["merge"];
type WriteInput = Parameters<MergeHandlers["write"]>[0];

/** Merges in progress, each stopped by its id. */
export class Merges {
  /** What a merge does now; `null` before and between its works. */
  readonly #running = new Map<string, { work: NativeWork<unknown> | null; stopped: boolean }>();

  constructor(
    private readonly models: OpenModels,
    private readonly emit: Emit<EngineContract>,
  ) {}

  plan({
    model,
    adapters,
    types,
    embedding,
    assumeChanged = false,
  }: Parameters<MergeHandlers["plan"]>[0]): Promise<MergePlan[]> {
    return this.models.use(onCpu(model), async (open) => {
      const active = await activeAdapters(open, adapters);
      return types.map((type) => ({
        type,
        ...open.native.planMerge({ adapters: active, type, embedding, metadata: {}, assumeChanged }),
      }));
    });
  }

  async write(input: WriteInput): Promise<Awaited<ReturnType<MergeHandlers["write"]>>> {
    const { mergeId, model, type, embedding, metadata, target } = input;
    this.#running.set(mergeId, { work: null, stopped: false });
    try {
      return await this.models.use(onCpu(model), async (base) => {
        const adapters = await activeAdapters(base, input.adapters);
        const written = await this.#await(mergeId, () =>
          base.native.merge({ adapters, type, embedding, metadata, target }, (done, total) =>
            this.emit("merge", "progress", { mergeId, stage: "writing", done: total > 0 ? done / total : 1 }),
          ),
        );
        return { plan: { type, ...written }, check: await this.#check(input, base, adapters) };
      });
    } finally {
      this.#running.delete(mergeId);
      // Whoever renames the file shall not find it in use.
      this.models.closePath(target);
    }
  }

  stop(mergeId: string): void {
    const running = this.#running.get(mergeId);
    if (!running) return;
    running.stopped = true;
    running.work?.stop();
  }

  /** The written file and the bare base, each against base and adapters. */
  async #check(input: WriteInput, base: OpenModel, adapters: NativeActiveAdapter[]) {
    const { mergeId, model, target, checkTokens } = input;
    const tokens = Int32Array.from(checkTokens);
    const distance = (half: 0 | 1, other: Parameters<OpenModel["native"]["compare"]>[0]["other"]) =>
      this.#await<LogitDistance>(mergeId, () =>
        base.native.compare({ tokens, adapters, other, activations: "exact" }, (done, total) =>
          this.emit("merge", "progress", { mergeId, stage: "checking", done: (half + done / total) / 2 }),
        ),
      );
    // The file says itself which activation it wants.
    const merged = await this.models.use(onCpu(plain(model, target)), ({ native }) =>
      distance(0, { model: native, adapters: [] }),
    );
    return { merged, base: await distance(1, { adapters: [] }) };
  }

  async #await<T>(mergeId: string, start: () => NativeWork<T>): Promise<T> {
    const running = this.#running.get(mergeId);
    if (!running || running.stopped) throw stopped();
    const work = start();
    running.work = work;
    try {
      return await work.done;
    } catch (error) {
      throw running.stopped ? stopped() : error;
    } finally {
      running.work = null;
    }
  }
}

function stopped(): HoneError {
  return new HoneError("merge.stopped", "The merge was stopped; nothing was kept.");
}

function plain({ device, threads }: ModelRef, path: string): ModelRef {
  return { path, device, threads };
}

/** Merging reads the weights where the CPU sees them. */
function onCpu(model: ModelRef): ModelRef {
  return { ...model, device: "cpu" };
}

async function activeAdapters(
  model: OpenModel,
  adapters: readonly { path: string; strength: number }[],
): Promise<NativeActiveAdapter[]> {
  return Promise.all(adapters.map(async ({ path, strength }) => ({ adapter: await model.adapter(path), strength })));
}
