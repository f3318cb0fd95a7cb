import { createHash } from "node:crypto";
import { generalText } from "@main/adapters/general-text";
import { type HeldOutRow, heldOutRows } from "@main/adapters/held-out";
import { guessKind, judge } from "@main/adapters/judge";
import type { AdapterLibrary } from "@main/adapters/library";
import type { DatasetLibrary } from "@main/datasets/library";
import type { EngineClient } from "@main/engine/client";
import type { ModelLibrary } from "@main/models/library";
import { modelRef } from "@main/models/model-ref";
import { answerOf } from "@main/playground/answers";
import type { SettingsStore } from "@main/settings/settings";
import type { ModelRef } from "@shared/engine/protocol";
import { HoneError } from "@shared/errors";
import type { AdapterRecord } from "@shared/models/adapter";
import { defaultSampling, type Sampling } from "@shared/models/chat";
import type { Conversation } from "@shared/models/dataset";
import type { Effect, Score, ScoreKind } from "@shared/models/score";

export interface ScoringOptions {
  readonly engine: EngineClient;
  readonly adapters: AdapterLibrary;
  readonly models: ModelLibrary;
  readonly datasets: DatasetLibrary;
  readonly settings: SettingsStore;
  readonly onProgress: (adapterId: string, done: number, total: number) => void;
  readonly onScored: (adapterId: string) => void;
}

/** More rows make a score finer than anyone can read. */
export const mostRows = 500;
/** Room beyond the length of the expected answer, in characters taken as tokens: a longer answer is wrong anyway. */
const spareTokens = 32;
/** Where answers are only looked at for whether they changed, their beginnings do. */
const glanceTokens = 64;
/** Rows whose loss is computed at once; progress is told in between. */
const lossBatch = 16;
const longestRow = 8192;

/** One model as it is asked: bare, or with the adapter at strength 1. */
interface Asked {
  readonly model: ModelRef;
  readonly adapters: { readonly path: string; readonly strength: number }[];
}

/** Whether an adapter helps: the task on held-out rows, a neutral text, and how many answers are others, before and after. */
export class Scoring {
  readonly #running = new Map<string, { readonly rows: number; readonly work: Promise<AdapterRecord> }>();

  constructor(private readonly options: ScoringOptions) {}

  /** On at most so many rows. Asked for twice, it works once, unless more rows are wanted now. */
  async score(adapterId: string, rows = mostRows): Promise<AdapterRecord> {
    const running = this.#running.get(adapterId);
    if (running && running.rows >= rows) return running.work;
    // What the smaller one has found out about the base is of use to this one.
    const earlier = running?.work.catch(() => undefined) ?? Promise.resolve();
    const work = earlier.then(() => this.#score(adapterId, rows));
    const entry = { rows, work };
    this.#running.set(adapterId, entry);
    try {
      return await work;
    } finally {
      if (this.#running.get(adapterId) === entry) this.#running.delete(adapterId);
    }
  }

  async #score(adapterId: string, limit: number): Promise<AdapterRecord> {
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
    const rows = await heldOutRows(datasets, adapter.datasetId, adapter.recipe, limit);
    const kind = adapter.scoreBy ?? guessKind(rows.flatMap(({ question }) => question?.expected ?? []));
    const model = modelRef(info, settings.get());
    const contextLength = Math.min(info.contextLength, adapter.recipe?.contextLength ?? longestRow);
    const bare: Asked = { model, adapters: [] };
    const tuned: Asked = { model, adapters: [{ path: adapter.path, strength: 1 }] };
    const progress = new Progress((done, total) => onProgress(adapterId, done, total));
    const known = this.#knownAnswers(baseDigest, rows, kind, model);
    progress.expect(2 * rows.length - known.size);

    const answersBefore = await this.#answers(rows, bare, kind, progress, { baseDigest, known });
    const answersAfter = await this.#answers(rows, tuned, kind, progress);
    const learnAll = rows.every(({ question }) => question === null);
    const conversations = rows.map(({ conversation }) => conversation);
    const lossOf = (asked: Asked) => this.#loss(conversations, asked, { contextLength, learnAll });
    const general = generalText.map(
      (content, index): Conversation => ({
        line: index + 1,
        messages: [{ role: "assistant", content }],
      }),
    );
    const generalLossOf = (asked: Asked) =>
      this.#loss(general, asked, { contextLength: info.contextLength, learnAll: true });
    const before = scoreOf(rows, answersBefore, kind, (await lossOf(bare)).loss);
    const after = scoreOf(rows, answersAfter, kind, (await lossOf(tuned)).loss);
    const generalBefore = await generalLossOf(bare);
    const generalAfter = await generalLossOf(tuned);
    const effect: Effect = {
      answersChanged: answersBefore.filter((text, index) => text.trim() !== answersAfter[index]?.trim()).length,
      answers: answersBefore.length,
      generalLossBefore: generalBefore.loss,
      generalLossAfter: generalAfter.loss,
      generalTokens: generalBefore.tokens,
    };
    // It may have been removed meanwhile.
    adapters.get(adapterId);
    adapters.store.setScores(adapterId, { scoreBy: kind, before, after, effect });
    this.options.onScored(adapterId);
    return adapters.record(adapterId);
  }

  /** Of the rows that are questions, in order. The base answers a question but once, whichever adapter it is about. */
  async #answers(
    rows: readonly HeldOutRow[],
    asked: Asked,
    kind: ScoreKind,
    progress: Progress,
    base?: { readonly baseDigest: string; readonly known: ReadonlyMap<string, string> },
  ): Promise<string[]> {
    const answers: string[] = [];
    for (const { question } of rows) {
      if (!question) continue;
      const sampling = greedy(question.expected, kind);
      const key = keyOf(question.messages, sampling, asked.model);
      const known = base?.known.get(key);
      if (known !== undefined) {
        answers.push(known);
        continue;
      }
      const { text } = await answerOf(this.options.engine, { ...asked, messages: question.messages, sampling });
      if (base) this.options.adapters.store.setBaseAnswer(base.baseDigest, key, text);
      answers.push(text);
      progress.step();
    }
    return answers;
  }

  #knownAnswers(
    baseDigest: string,
    rows: readonly HeldOutRow[],
    kind: ScoreKind,
    model: ModelRef,
  ): ReadonlyMap<string, string> {
    const known = new Map<string, string>();
    for (const { question } of rows) {
      if (!question) continue;
      const key = keyOf(question.messages, greedy(question.expected, kind), model);
      const answer = this.options.adapters.store.baseAnswer(baseDigest, key);
      if (answer !== undefined) known.set(key, answer);
    }
    return known;
  }

  async #loss(
    conversations: readonly Conversation[],
    asked: Asked,
    { contextLength, learnAll }: { contextLength: number; learnAll: boolean },
  ): Promise<{ loss: number; tokens: number }> {
    let loss = 0;
    let tokens = 0;
    for (let begin = 0; begin < conversations.length; begin += lossBatch) {
      const part = await this.options.engine.evaluate.loss({
        ...asked,
        conversations: conversations
          .slice(begin, begin + lossBatch)
          .map(({ line, messages }) => ({ line, messages: [...messages] })),
        contextLength,
        learnAll,
      });
      loss += part.loss;
      tokens += part.tokens;
    }
    return { loss: tokens > 0 ? loss / tokens : 0, tokens };
  }
}

class Progress {
  #done = 0;
  #total = 0;

  constructor(private readonly tell: (done: number, total: number) => void) {}

  expect(total: number): void {
    this.#total = total;
    this.tell(0, total);
  }

  step(): void {
    this.tell(Math.min(++this.#done, this.#total), this.#total);
  }
}

function scoreOf(rows: readonly HeldOutRow[], answers: readonly string[], kind: ScoreKind, loss: number): Score {
  const pairs = rows
    .flatMap(({ question }) => question ?? [])
    .map(({ expected }, index) => ({
      expected,
      answer: answers[index] ?? "",
    }));
  // Beginnings of answers are not to be judged.
  return { rows: rows.length, ...judge(kind === "loss" ? [] : pairs), loss };
}

/** The same file answers otherwise with another activation. */
function keyOf(
  messages: readonly { role: string; content: string }[],
  { maxTokens }: Sampling,
  { activation }: ModelRef,
): string {
  return createHash("sha256")
    .update(JSON.stringify([messages.map(({ role, content }) => [role, content]), maxTokens, activation]))
    .digest("hex");
}

/** A token is at least one byte, so the expected answer always fits. */
function greedy(expected: string, kind: ScoreKind): Sampling {
  const whole = Math.min(32_768, Buffer.byteLength(expected) + spareTokens);
  const maxTokens = kind === "loss" ? Math.min(glanceTokens, whole) : whole;
  return { ...defaultSampling, temperature: 0, topK: 0, topP: 1, minP: 0, maxTokens };
}
