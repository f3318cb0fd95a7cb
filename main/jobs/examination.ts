import { totalmem } from "node:os";
import { readConversations } from "@main/datasets/conversations";
import type { DatasetLibrary } from "@main/datasets/library";
import { validationIndices } from "@main/datasets/split";
import type { DatasetView } from "@main/datasets/view";
import { type DataFacts, diagnose } from "@main/jobs/doctor";
import type { RunHistories } from "@main/jobs/history";
import type { RunQueue } from "@main/jobs/queue";
import { countSharedRows } from "@main/jobs/shared-rows";
import type { ModelLibrary } from "@main/models/library";
import type { RunRecord } from "@shared/models/run";
import type { Verdict } from "@shared/models/verdict";

export interface ExaminationServices {
  readonly queue: RunQueue;
  readonly histories: RunHistories;
  readonly datasets: DatasetLibrary;
  readonly models: ModelLibrary;
  readonly view: DatasetView;
}

/** Rows are measured whole up to here. */
const longestLook = 8192;

/** Gathers what the doctor looks at. What it finds out about the data of a run is kept until the app closes. */
export class Examination {
  readonly #data = new Map<string, Promise<DataFacts | null>>();

  constructor(private readonly services: ExaminationServices) {}

  async verdicts(id: string): Promise<readonly Verdict[]> {
    const { queue, histories } = this.services;
    const run = queue.get(id);
    const known = this.#data.get(id) ?? this.#look(run).catch(() => null);
    this.#data.set(id, known);
    const data = await known;
    // A dataset or model that is not there now may be there again.
    if (data === null) this.#data.delete(id);
    const { metrics } = histories.read(id);
    const { state, error, recipe } = run;
    return diagnose({ state, error, recipe, metrics, data, machineBytes: totalmem() });
  }

  async #look({ datasetId, modelId, recipe }: RunRecord): Promise<DataFacts> {
    const { datasets, models, view } = this.services;
    const { rows } = datasets.get(datasetId);
    const { info } = await models.present(modelId);
    const measure = await view.measure(datasetId, modelId, recipe.contextLength);
    const whole = await view.measure(datasetId, modelId, Math.min(info.contextLength, longestLook));
    const aside = validationIndices(rows, recipe.validationShare, recipe.seed);
    const { conversations } = datasets.files(datasetId);
    return {
      rows: measure.rows,
      rowsCut: measure.rowsCut,
      rowsWithoutTarget: measure.rowsWithoutTarget,
      longestRow: Math.max(measure.longestRow, whole.longestRow),
      contextLimit: info.contextLength,
      validationRows: aside.size,
      validationRowsShared: aside.size === 0 ? 0 : await countSharedRows(readConversations(conversations), aside),
    };
  }
}
