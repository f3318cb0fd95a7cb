import type { ErrorData } from "@shared/errors";
import type { Recipe } from "@shared/models/recipe";
import type { MetricPoint, RunState } from "@shared/models/run";
import type { Verdict } from "@shared/models/verdict";

export interface DataFacts {
  readonly rows: number;
  readonly rowsCut: number;
  readonly rowsWithoutTarget: number;
  /** In tokens, nothing cut. */
  readonly longestRow: number;
  readonly contextLimit: number;
  readonly validationRows: number;
  /** Rows kept aside for validation that also stand among the training rows, word for word. */
  readonly validationRowsShared: number;
}

export interface DoctorFacts {
  readonly state: RunState;
  readonly error: ErrorData | null;
  readonly recipe: Recipe;
  readonly metrics: readonly MetricPoint[];
  /** Null when the dataset or the model is gone. */
  readonly data: DataFacts | null;
  readonly machineBytes: number;
}

/** Steps before anything is said about a curve. */
const fewestSteps = 12;
/** Share of the curve that is averaged at its begin and its end. */
const edge = 0.15;

/** The verdicts on a run, the gravest first. Thresholds are rules of thumb; each names the figures it rests on. */
export function diagnose(facts: DoctorFacts): Verdict[] {
  const curve = [rateTooHigh, notMoving, overfitting];
  const found = [nothingLearned, ...curve, rowsShared, rowsCut, memoryClose].flatMap((look) => look(facts) ?? []);
  if (found.length === 0 && facts.state === "done" && facts.metrics.length >= fewestSteps) found.push(healthy(facts));
  return found;
}

function nothingLearned({ error, data, recipe }: DoctorFacts): Verdict | null {
  const all = data !== null && data.rows > 0 && data.rowsWithoutTarget === data.rows;
  if (error?.code !== "data.nothing-to-learn" && !all) return null;
  const room = data !== null && data.rowsCut > 0 ? wholeRows(recipe, data) : null;
  return {
    kind: "nothing-learned",
    tone: "warn",
    title: "No row has anything to learn",
    cause: room
      ? `Every answer lies beyond the context length of ${recipe.contextLength} tokens, so all labels are masked.`
      : "All labels are masked: only answers of the assistant are learned, and no row has one whose tokens count.",
    next: room,
  };
}

function rateTooHigh({ metrics, recipe }: DoctorFacts): Verdict | null {
  const losses = metrics.map(({ trainLoss }) => trainLoss);
  if (losses.length < fewestSteps) return null;
  const { first, last, width } = edges(losses);
  const lowest = Math.min(...windows(losses, width));
  const climbed = last > 1.25 * lowest && last - lowest > 0.3 * Math.max(first - lowest, 0.1);
  if (!climbed) return null;
  const rate = tidy(recipe.learningRate / 4);
  return {
    kind: "rate-too-high",
    tone: "warn",
    title: "The learning rate is too high",
    cause: `The training loss fell to ${show(lowest)} and then climbed to ${show(last)}: corrections of ${recipe.learningRate} overshoot.`,
    next: { label: `Try again with a learning rate of ${rate}`, change: { learningRate: rate } },
  };
}

function notMoving({ metrics, recipe, state }: DoctorFacts): Verdict | null {
  const losses = metrics.map(({ trainLoss }) => trainLoss);
  if (losses.length < 2 * fewestSteps && !(state === "done" && losses.length >= fewestSteps)) return null;
  const { first, last } = edges(losses);
  if (Math.abs(first - last) > 0.02 * first || first < 0.05) return null;
  const rate = tidy(Math.min(0.05, recipe.learningRate * 5));
  return {
    kind: "not-moving",
    tone: "warn",
    title: "The loss does not move",
    cause: `After ${metrics.length} steps the training loss is ${show(last)}, and it began at ${show(first)}: corrections of ${recipe.learningRate} are too small, or the run is too short.`,
    next: { label: `Try again with a learning rate of ${rate}`, change: { learningRate: rate } },
  };
}

function overfitting({ metrics, recipe, state }: DoctorFacts): Verdict | null {
  const validations = metrics.flatMap(({ step, validationLoss }) =>
    validationLoss === null ? [] : [{ step, loss: validationLoss }],
  );
  const last = validations.at(-1);
  if (!last || validations.length < 3) return null;
  const best = validations.reduce((low, each) => (each.loss < low.loss ? each : low));
  const since = validations.filter(({ step }) => step > best.step).length;
  if (since < 2 || last.loss < 1.03 * best.loss) return null;
  const cause = `The validation loss was lowest at step ${best.step} (${show(best.loss)}) and rose to ${show(last.loss)} at step ${last.step}: since then the run learns its rows by heart.`;
  if (recipe.patience != null) {
    if (state !== "done") return null;
    return {
      kind: "best-kept",
      tone: "info",
      title: `The adapter is that of step ${best.step}`,
      cause: `${cause} The run waited for ${recipe.patience} validations and kept the best.`,
      next: null,
    };
  }
  const validateEvery = recipe.validateEvery > 0 ? recipe.validateEvery : Math.max(1, Math.round(metrics.length / 10));
  return {
    kind: "overfitting",
    tone: "warn",
    title: `Overfitting since step ${best.step}`,
    cause,
    next: { label: "Try again and keep the best step", change: { patience: 3, validateEvery } },
  };
}

function rowsShared({ data }: DoctorFacts): Verdict | null {
  if (!data || data.validationRowsShared === 0) return null;
  const { validationRowsShared: shared, validationRows } = data;
  return {
    kind: "rows-shared",
    tone: "warn",
    title: "Training and validation share rows",
    cause: `${shared} of ${validationRows} validation rows also stand among the training rows, word for word. The validation loss looks better than it is. Take repeated rows out of the dataset.`,
    next: null,
  };
}

function rowsCut({ data, recipe }: DoctorFacts): Verdict | null {
  if (!data || data.rowsCut === 0 || data.rowsWithoutTarget === data.rows) return null;
  const next = wholeRows(recipe, data);
  return {
    kind: "rows-cut",
    tone: "warn",
    title: `${data.rowsCut} of ${data.rows} rows are cut off`,
    cause: `They are longer than ${recipe.contextLength} tokens; what comes after is never seen, and an answer that lies there is not learned.${next ? "" : " The model cannot see further: shorten these rows."}`,
    next,
  };
}

function memoryClose({ metrics, recipe, machineBytes }: DoctorFacts): Verdict | null {
  const peak = metrics.reduce((most, { memoryBytes }) => Math.max(most, memoryBytes), 0);
  if (peak < 0.85 * machineBytes) return null;
  const change: Partial<Recipe> | null = !recipe.activationCheckpointing
    ? { activationCheckpointing: true }
    : recipe.accumulation < recipe.batchSize
      ? { accumulation: Math.min(recipe.batchSize, 2 * recipe.accumulation) }
      : null;
  return {
    kind: "memory-close",
    tone: "warn",
    title: "The run is close to the limit of memory",
    cause: `It held ${gigabytes(peak)} GB of the machine's ${gigabytes(machineBytes)} GB. Other programs may make it fail.`,
    next: change && { label: "Try again with less memory", change },
  };
}

function healthy({ metrics }: DoctorFacts): Verdict {
  const { first, last } = edges(metrics.map(({ trainLoss }) => trainLoss));
  return {
    kind: "healthy",
    tone: "good",
    title: "Nothing looks wrong",
    cause: `The training loss fell from ${show(first)} to ${show(last)}. Whether the answers are better, the score and the playground tell.`,
    next: null,
  };
}

/** The setting that sees every row whole, when the model can see so far. */
function wholeRows(recipe: Recipe, { longestRow, contextLimit }: DataFacts): Verdict["next"] {
  const contextLength = Math.min(contextLimit, Math.ceil((longestRow + 1) / 32) * 32);
  if (contextLength <= recipe.contextLength) return null;
  return { label: `Try again with a context length of ${contextLength} tokens`, change: { contextLength } };
}

function edges(values: readonly number[]): { first: number; last: number; width: number } {
  const width = Math.max(3, Math.round(edge * values.length));
  return { first: mean(values.slice(0, width)), last: mean(values.slice(-width)), width };
}

/** Means over every stretch of `width` values. */
function windows(values: readonly number[], width: number): number[] {
  const means: number[] = [];
  let sum = 0;
  for (const [index, value] of values.entries()) {
    sum += value - (index >= width ? (values[index - width] ?? 0) : 0);
    if (index >= width - 1) means.push(sum / width);
  }
  return means;
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const show = (loss: number) => loss.toFixed(3);
const tidy = (rate: number) => Number(rate.toPrecision(2));
const gigabytes = (bytes: number) => (bytes / 1e9).toFixed(1);
