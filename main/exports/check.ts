import { heldOutRows } from "@main/adapters/held-out";
import type { StoredAdapter } from "@main/adapters/store";
import type { DatasetLibrary } from "@main/datasets/library";
import type { EngineClient } from "@main/engine/client";
import type { ModelRef } from "@shared/engine/protocol";
import { HoneError } from "@shared/errors";
import type { ChatMessage } from "@shared/models/dataset";
import type { ExportType, Manifest } from "@shared/models/export";

/** Rows of the comparison. */
const mostTokens = 256;

/**
 * Largest allowed difference of a logit, as a share of the standard deviation of the logits. A float32 copy holds the same numbers:
 * measured 0, and only the order of sums may ever differ. Float16 keeps eleven bits of each weight: measured 7e-5 (llama, 36 steps)
 * and 2e-4 (bitnet, 540 steps), both on the fixtures.
 */
const toleranceOfSpread = { f32: 1e-5, f16: 5e-3, peft: 1e-5 } as const;

const sampleConversation: ChatMessage[] = [
  { role: "user", content: "What can I do on a rainy afternoon? Please give me three short ideas." },
  { role: "assistant", content: "Read a book, bake some bread, or call an old friend." },
];

export interface CheckOptions {
  readonly engine: EngineClient;
  readonly datasets: DatasetLibrary;
  readonly model: ModelRef;
  readonly contextLength: number;
  readonly adapter: StoredAdapter;
  /** The written file, or what was read back from the written folder. */
  readonly written: string;
  readonly type: ExportType;
}

/** Loads the written file anew and compares its logits with the resident adapter's. Throws "export.check". */
export async function checkWritten(options: CheckOptions): Promise<Manifest["check"]> {
  const { engine, model, adapter, written, type } = options;
  const tokens = await checkTokens(options);
  const found = await engine.adapters.compare({
    model,
    tokens,
    left: adapter.path,
    right: written,
    activations: "exact",
  });
  const tolerance = toleranceOfSpread[type] * found.logitSpread;
  if (!(found.maxDifference <= tolerance)) {
    throw new HoneError(
      "export.check",
      `The written adapter does not behave like "${adapter.name}": a logit differs by ${found.maxDifference}, the limit is ${tolerance}.`,
      type === "f16" ? "Export it as F32." : "The disk may be failing; try another folder.",
    );
  }
  return {
    tokens: found.tokens,
    maxLogitDifference: found.maxDifference,
    tolerance,
    top1Agreement: found.top1Agreement,
  };
}

/** Tokens of held-out rows where there are some, else of a fixed conversation. */
export async function checkTokens({
  engine,
  datasets,
  model,
  contextLength,
  adapter,
}: Omit<CheckOptions, "written" | "type">): Promise<number[]> {
  const limit = Math.min(mostTokens, contextLength);
  const rows = await heldOutConversations(datasets, adapter);
  const { rows: encoded } = await engine.data.encode({
    model,
    conversations: rows.map((messages, index) => ({ line: index + 1, messages })),
    contextLength: limit,
    learnAll: false,
  });
  return encoded.flatMap(({ tokens }) => [...tokens]).slice(0, limit);
}

async function heldOutConversations(datasets: DatasetLibrary, adapter: StoredAdapter): Promise<ChatMessage[][]> {
  if (adapter.datasetId === null || !datasets.find(adapter.datasetId)) return [sampleConversation];
  try {
    const rows = await heldOutRows(datasets, adapter.datasetId, adapter.recipe, 8);
    const conversations = rows
      .flatMap(({ question }) => question ?? [])
      .map(({ messages, expected }) => [...messages, { role: "assistant" as const, content: expected }]);
    return conversations.length > 0 ? conversations : [sampleConversation];
  } catch (error) {
    if (error instanceof HoneError && error.code === "score.no-rows") return [sampleConversation];
    throw error;
  }
}
