import { heldOutRows } from "@main/adapters/held-out";
import type { StoredAdapter } from "@main/adapters/store";
import type { DatasetLibrary } from "@main/datasets/library";
import type { EngineClient } from "@main/engine/client";
import type { ModelRef } from "@shared/engine/protocol";
import { HoneError } from "@shared/errors";
import type { ChatMessage } from "@shared/models/dataset";
import type { LogitDistance } from "@shared/models/logits";
import type { MergeType } from "@shared/models/merge";

/** Of the comparison: enough that a share of them means something, few enough to wait for. */
const mostRows = 16;
const mostTokens = 256;

/** A model, with an adapter beside it or (null) without. */
export interface Side {
  readonly model: ModelRef;
  readonly adapter: string | null;
}

/** What is written as an adapter, and in which type. */
export type WrittenAdapter = "f32" | "f16" | "peft";

/**
 * Largest allowed difference of a logit, as a share of the standard deviation of the logits. A float32 copy holds the same numbers:
 * measured 0, and only the order of sums may ever differ. Float16 keeps eleven bits of each weight: measured 7e-5 (llama, 36 steps)
 * and 2e-4 (bitnet, 540 steps), both on the fixtures.
 */
const toleranceOfSpread = { f32: 1e-5, f16: 5e-3, peft: 1e-5 } as const;

/** Throws "export.check". */
export function checkAdapter(found: LogitDistance, type: WrittenAdapter, name: string): void {
  const tolerance = toleranceOfSpread[type] * found.logitSpread;
  if (found.maxDifference <= tolerance) return;
  throw new HoneError(
    "export.check",
    `The written adapter does not behave like "${name}": a logit differs by ${found.maxDifference}, the limit is ${tolerance}.`,
    type === "f16" ? "Export it as F32." : "The disk may be failing; try another folder.",
    { ...found },
  );
}

/**
 * Least share of equal best tokens, and largest mean KL divergence in nats, of a merged model beside the adapter on its base. Measured
 * on the starter after its demo run (256 held-out tokens): F16 100 % and 7e-8, Q8_0 100 % and 2e-5, Q6_K 99.6 % and 4e-4, Q5_K_M
 * 98.4 % and 0.001, Q4_K_M 98.0 % and 0.005, Q4_0 96.1 % and 0.010, Q3_K_S 94.5 % and 0.028, Q2_K 91.0 % and 0.13. The limits leave
 * room for models that suffer ten times as much; what is beyond them answers otherwise than what the person has seen.
 */
const mergedLimits = (type: MergeType): { readonly top1: number; readonly divergence: number } => {
  if (type === "f32" || type === "f16" || type === "bf16") return { top1: 0.99, divergence: 0.001 };
  if (type === "q8_0" || type === "q6_k") return { top1: 0.95, divergence: 0.02 };
  if (type.startsWith("q5")) return { top1: 0.9, divergence: 0.05 };
  if (type.startsWith("q4")) return { top1: 0.85, divergence: 0.2 };
  return { top1: 0.75, divergence: 0.5 };
};

/** Throws "export.agreement". */
export function checkMerged(found: LogitDistance, type: MergeType, name: string): void {
  const limits = mergedLimits(type);
  if (found.top1Agreement >= limits.top1 && found.divergence <= limits.divergence) return;
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
  throw new HoneError(
    "export.agreement",
    `Merged into ${type.toUpperCase()}, "${name}" is no longer itself: its likeliest token is the same at ${percent(found.top1Agreement)} of ${found.tokens} tokens (at least ${percent(limits.top1)}), the divergence ${found.divergence.toFixed(3)} nats (at most ${limits.divergence}).`,
    limits.top1 >= 0.95
      ? "Keep base and adapter as two files, for a runtime that takes adapters."
      : "Merge into Q8_0, or keep base and adapter as two files.",
    { ...found },
  );
}

export interface CheckTexts {
  readonly on: "held-out rows" | "built-in text";
  readonly tokens: number[];
}

export interface CheckTextsOptions {
  readonly engine: EngineClient;
  readonly datasets: DatasetLibrary;
  readonly model: ModelRef;
  readonly contextLength: number;
  readonly adapter: StoredAdapter;
}

/** Rows that were not learned, as tokens; where there are none, everyday conversations. */
export async function checkTexts(options: CheckTextsOptions): Promise<CheckTexts> {
  const { engine, datasets, model, contextLength, adapter } = options;
  const held = await heldOutConversations(datasets, adapter);
  const { rows } = await engine.data.encode({
    model,
    conversations: (held ?? everyday).map((messages, index) => ({ line: index + 1, messages })),
    contextLength: Math.min(mostTokens, contextLength),
    learnAll: false,
  });
  const tokens = rows.flatMap((row) => [...row.tokens]).slice(0, Math.min(mostTokens, contextLength));
  return { on: held ? "held-out rows" : "built-in text", tokens };
}

async function heldOutConversations(datasets: DatasetLibrary, adapter: StoredAdapter): Promise<ChatMessage[][] | null> {
  if (adapter.datasetId === null || !datasets.find(adapter.datasetId)) return null;
  try {
    const rows = await heldOutRows(datasets, adapter.datasetId, adapter.recipe, mostRows);
    const conversations = rows
      .flatMap(({ question }) => question ?? [])
      .map(({ messages, expected }) => [...messages, { role: "assistant" as const, content: expected }]);
    return conversations.length > 0 ? conversations : null;
  } catch (error) {
    if (error instanceof HoneError && error.code === "score.no-rows") return null;
    throw error;
  }
}

const everyday: ChatMessage[][] = [
  [
    "What can I do on a rainy afternoon?",
    "Read a book, bake some bread, or call an old friend you have not heard from.",
  ],
  ["Why is the sky blue?", "Air scatters the short, blue waves of sunlight more than the long, red ones."],
  ["How do I boil an egg?", "Put it into boiling water for seven minutes, then cool it under the tap."],
  ["Give me a name for a small boat.", "Call her Silver Heron; it is easy to say over the radio."],
  ["Is it far to the station?", "Ten minutes on foot: straight on to the bridge, then left along the river."],
  [
    "What should I pack for two days by the sea?",
    "A jumper, something to swim in, sun cream, a book and your toothbrush.",
  ],
  ["My plant has yellow leaves.", "It may get too much water. Let the soil dry before you water it again."],
  ["Write a line for a birthday card.", "May the year ahead bring you long summers and short queues."],
].map(([question = "", answer = ""]) => [
  { role: "user", content: question },
  { role: "assistant", content: answer },
]);
