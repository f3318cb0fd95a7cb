import { heldOutRows } from "@main/adapters/held-out";
import type { StoredAdapter } from "@main/adapters/store";
import type { DatasetLibrary } from "@main/datasets/library";
import type { EngineClient } from "@main/engine/client";
import { answerOf } from "@main/playground/answers";
import type { ModelRef } from "@shared/engine/protocol";
import { defaultSampling, type Sampling } from "@shared/models/chat";
import type { PhoneProbe } from "@shared/models/phone";

export interface ProbeOptions {
  readonly engine: EngineClient;
  readonly datasets: DatasetLibrary;
  readonly model: ModelRef;
  readonly adapter: StoredAdapter;
}

/** For adapters without rows of their own. */
const plainPrompts = [
  "Wake me at half past six.",
  "Write one sentence about the sea.",
  "What should I cook tonight?",
  "Say hello to a new colleague.",
];
const mostPrompts = 6;
/** Read, to find that many among them. */
const mostRows = 200;
/** Long prompts are no fun to type on a phone. */
const longestPrompt = 120;
const beginningLength = 32;
/** Beginnings that part later than this could part by chance in another runtime. */
const partWithin = 16;

export const greedy: Sampling = { ...defaultSampling, temperature: 0, topK: 0, topP: 1, minP: 0, maxTokens: 48 };

/**
 * A prompt that the adapter has not been trained on and that base and tuned model answer differently from near the first
 * character on; nothing when none is found. Both answers are greedy.
 */
export async function findProbe(options: ProbeOptions, signal: AbortSignal): Promise<PhoneProbe | null> {
  const { engine, model, adapter } = options;
  const answer = async (prompt: string, adapters: { path: string; strength: number }[]) => {
    const question = { model, adapters, messages: [{ role: "user" as const, content: prompt }], sampling: greedy };
    return (await answerOf(engine, question)).text.trim();
  };
  for (const prompt of await prompts(options)) {
    if (signal.aborted) return null;
    const tuned = await answer(prompt, [{ path: adapter.path, strength: 1 }]);
    const base = await answer(prompt, []);
    const expected = beginning(tuned);
    if (expected && !base.startsWith(expected.slice(0, partWithin))) return { prompt, expected, base, tuned };
  }
  return null;
}

async function prompts({ datasets, adapter }: ProbeOptions): Promise<string[]> {
  if (adapter.datasetId === null || !datasets.find(adapter.datasetId)) return plainPrompts;
  const held = await heldOutRows(datasets, adapter.datasetId, adapter.recipe, mostRows).catch(() => []);
  const short = held
    .flatMap(({ question }) => (question ? [question.messages] : []))
    .filter((messages) => messages.length === 1 && messages[0]?.role === "user")
    .map((messages) => messages[0]?.content.trim() ?? "")
    .filter((text) => text.length > 0 && text.length <= longestPrompt && !text.includes("\n"));
  return short.length > 0 ? short.slice(0, mostPrompts) : plainPrompts;
}

/** Ends at a word where there is one, so that it reads well; never in the middle of a character. */
function beginning(text: string): string {
  const line = text.split("\n", 1)[0] ?? "";
  const start = [...line].slice(0, beginningLength).join("");
  if (start.length === line.length) return start;
  const space = start.lastIndexOf(" ");
  return (space >= partWithin ? start.slice(0, space) : start).trim();
}
