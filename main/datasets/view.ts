import { inBatches, listConversations, readConversations } from "@main/datasets/conversations";
import type { DatasetLibrary } from "@main/datasets/library";
import type { EngineClient } from "@main/engine/client";
import type { ModelLibrary } from "@main/models/library";
import { modelRef } from "@main/models/model-ref";
import type { SettingsStore } from "@main/settings/settings";
import type { Conversation, DatasetMeasure, RenderedRow } from "@shared/models/dataset";

const rowsPerCall = 256;
const measuresKept = 64;

export interface PreviewRequest {
  readonly datasetId: string;
  readonly modelId: string;
  readonly offset: number;
  readonly limit: number;
  readonly contextLength: number;
}

/** Datasets as a model sees them: through its template and tokenizer. */
export class DatasetView {
  /** By dataset, model file and context length; datasets never change, and a changed model file has another time. */
  readonly #measures = new Map<string, Promise<DatasetMeasure>>();

  constructor(
    private readonly datasets: DatasetLibrary,
    private readonly models: ModelLibrary,
    private readonly settings: SettingsStore,
    private readonly engine: EngineClient,
  ) {}

  async preview({
    datasetId,
    modelId,
    offset,
    limit,
    contextLength,
  }: PreviewRequest): Promise<{ rows: readonly RenderedRow[]; total: number }> {
    const dataset = this.datasets.get(datasetId);
    const conversations = await listConversations(this.datasets.files(datasetId).conversations, offset, limit);
    if (conversations.length === 0) return { rows: [], total: dataset.rows };
    const { rows } = await this.engine.data.render(
      await this.#question(datasetId, modelId, contextLength, conversations),
    );
    return { rows, total: dataset.rows };
  }

  /** Counts every row; kept until the app closes. */
  async measure(datasetId: string, modelId: string, contextLength: number): Promise<DatasetMeasure> {
    const { digest } = this.datasets.get(datasetId);
    const { modifiedMs } = await this.models.present(modelId);
    const key = [datasetId, digest, modelId, modifiedMs, contextLength].join(" ");
    let measure = this.#measures.get(key);
    if (!measure) {
      measure = this.#count(datasetId, modelId, contextLength);
      this.#measures.set(key, measure);
      measure.catch(() => this.#measures.delete(key));
      const oldest = this.#measures.keys().next();
      if (this.#measures.size > measuresKept && !oldest.done) this.#measures.delete(oldest.value);
    }
    return measure;
  }

  async #count(datasetId: string, modelId: string, contextLength: number): Promise<DatasetMeasure> {
    const sum = { rows: 0, tokens: 0, learnedTokens: 0, longestRow: 0, rowsCut: 0, rowsWithoutTarget: 0 };
    const warnings = new Set<string>();
    let template = "";
    const { conversations } = this.datasets.files(datasetId);
    for await (const batch of inBatches(readConversations(conversations), rowsPerCall)) {
      const encoded = await this.engine.data.encode(await this.#question(datasetId, modelId, contextLength, batch));
      template = encoded.template;
      for (const warning of encoded.warnings) warnings.add(warning);
      for (const row of encoded.rows) {
        const learned = row.mask.reduce((count, bit) => count + bit, 0);
        sum.rows++;
        sum.tokens += row.tokens.length;
        sum.learnedTokens += learned;
        sum.longestRow = Math.max(sum.longestRow, row.tokens.length);
        if (row.cut) sum.rowsCut++;
        if (learned === 0) sum.rowsWithoutTarget++;
      }
    }
    return { datasetId, modelId, ...sum, template, warnings: [...warnings] };
  }

  async #question(datasetId: string, modelId: string, contextLength: number, conversations: readonly Conversation[]) {
    const { info } = await this.models.present(modelId);
    return {
      model: modelRef(info, this.settings.get()),
      conversations: conversations.map(({ line, messages }) => ({ line, messages: [...messages] })),
      contextLength,
      learnAll: this.datasets.get(datasetId).format === "text",
    };
  }
}
