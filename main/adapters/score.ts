import { type HeldOutRow, heldOutRows } from "@main/adapters/held-out";
import type { AdapterLibrary } from "@main/adapters/library";
import type { DatasetLibrary } from "@main/datasets/library";
import type { EngineClient } from "@main/engine/client";
import type { ModelLibrary } from "@main/models/library";
import { modelRef } from "@main/models/model-ref";
import { answerOf, type Question } from "@main/playground/answers";
import type { SettingsStore } from "@main/settings/settings";
import { HoneError } from "@shared/errors";
import type { AdapterRecord, Score } from "@shared/models/adapter";
import { defaultSampling, type Sampling } from "@shared/models/chat";

export interface ScoringOptions {
  readonly engine: EngineClient;
  readonly adapters: AdapterLibrary;
  readonly models: ModelLibrary;
  readonly datasets: DatasetLibrary;
  readonly settings: SettingsStore;
  readonly onProgress: (adapterId: string, done: number, total: number) => void;
}

/** Room beyond the length of the expected answer, in characters taken as tokens: a longer answer is wrong anyway. */
const spareTokens = 32;

/** Exact match by greedy decoding, before (bare base) and after (with the adapter at strength 1). */
export class Scoring {
  readonly #running = new Map<string, Promise<AdapterRecord>>();

  constructor(private readonly options: ScoringOptions) {}

  /** Asked for twice, it works once. */
  score(adapterId: string): Promise<AdapterRecord> {
    const running = this.#running.get(adapterId);
    if (running) return running;
    const work = this.#score(adapterId).finally(() => this.#running.delete(adapterId));
    this.#running.set(adapterId, work);
    return work;
  }

  async #score(adapterId: string): Promise<AdapterRecord> {
    const { adapters, models, datasets, settings, onProgress } = this.options;
    const adapter = await adapters.present(adapterId);
    if (adapter.datasetId === null || adapter.modelId === null) {
      throw new HoneError(
        "score.no-dataset",
        `"${adapter.name}" was not trained here, so there are no rows to score it on.`,
        "Compare it in the playground.",
      );
    }
    const { info } = await models.present(adapter.modelId);
    const baseDigest = await models.digest(adapter.modelId);
    if (adapter.baseDigest !== baseDigest) {
      throw new HoneError(
        "adapter.base",
        `The model file "${info.path}" is not the one that "${adapter.name}" was trained on.`,
        "Put the earlier file back.",
      );
    }
    const { rows, digest } = await heldOutRows(datasets, adapter.datasetId, adapter.recipe);
    const model = modelRef(info, settings.get());
    // The same file answers otherwise with another activation.
    const asked = model.activation ? `${digest} ${model.activation}` : digest;
    const known = adapters.store.baseScore(baseDigest, asked);
    const total = rows.length * (known ? 1 : 2);
    let done = 0;
    const step = () => onProgress(adapterId, ++done, total);

    const before = known ?? (await this.#match(rows, { model, adapters: [] }, step));
    if (!known) adapters.store.setBaseScore(baseDigest, asked, before);
    const after = await this.#match(rows, { model, adapters: [{ path: adapter.path, strength: 1 }] }, step);
    adapters.get(adapterId);
    adapters.store.setScores(adapterId, before, after);
    return adapters.record(adapterId);
  }

  async #match(
    rows: readonly HeldOutRow[],
    asked: Pick<Question, "model" | "adapters">,
    step: () => void,
  ): Promise<Score> {
    let matches = 0;
    for (const { messages, expected } of rows) {
      const { text } = await answerOf(this.options.engine, { ...asked, messages, sampling: greedy(expected) });
      if (text.trim() === expected.trim()) matches++;
      step();
    }
    return { rows: rows.length, exactMatch: matches / rows.length };
  }
}

/** A token is at least one byte, so the expected answer always fits. */
function greedy(expected: string): Sampling {
  const maxTokens = Math.min(32_768, Buffer.byteLength(expected) + spareTokens);
  return { ...defaultSampling, temperature: 0, topK: 0, topP: 1, minP: 0, maxTokens };
}
