import type { EngineClient } from "@main/engine/client";
import { answerOf } from "@main/playground/answers";
import type { ModelRef } from "@shared/engine/protocol";
import { HoneError } from "@shared/errors";
import type { ProbeFile } from "@shared/models/bundle";
import type { Sampling } from "@shared/models/chat";

/**
 * Asked where the person chose no prompts of their own. Everyday sentences written for this list, none from a dataset: an export
 * never carries rows that were learned.
 */
const builtIn = [
  "Set a timer for ten minutes.",
  "What can I do on a rainy afternoon?",
  "Wake me at seven tomorrow.",
  "Tell me about the sea in one sentence.",
  "My parcel has not arrived. What now?",
  "Who are you?",
];

const mostPrompts = 3;
const maxTokens = 24;
/** Other runtimes round otherwise, so answers drift apart; their beginnings are the same. */
const longestBeginning = 60;

const sampling: Sampling = {
  temperature: 0,
  topK: 0,
  topP: 1,
  minP: 0,
  repetitionPenalty: 1,
  seed: 0,
  maxTokens,
  stop: [],
};

/** A way of running the tuned model: with the adapter beside its base, or merged. `quant` names the type of its weights. */
export interface ProbedModel {
  readonly quant: string;
  readonly model: ModelRef;
  readonly adapters: readonly string[];
}

/**
 * How the tuned model answers, beside the bare base. Of the built-in prompts those are kept first that the two answer differently:
 * only they prove that an adapter is at work.
 */
export async function probe(
  engine: EngineClient,
  base: ModelRef,
  tuned: readonly ProbedModel[],
  chosen: readonly string[] | undefined,
  signal: AbortSignal,
): Promise<ProbeFile> {
  const ask = async (prompt: string, model: ModelRef, adapters: readonly string[]) => {
    signal.throwIfAborted();
    const messages = [{ role: "user" as const, content: prompt }];
    const active = adapters.map((path) => ({ path, strength: 1 }));
    return beginning((await answerOf(engine, { model, adapters: active, messages, sampling })).text);
  };
  const found: ProbeFile["prompts"] = [];
  for (const prompt of chosen ?? builtIn) {
    const without = await ask(prompt, base, []);
    const expected: Record<string, string> = {};
    for (const { quant, model, adapters } of tuned) expected[quant] = await ask(prompt, model, adapters);
    const proves = Object.values(expected).every((text) => text !== "" && !sameBeginning(text, without));
    found.push({ prompt, without_adapter: without, expected, proves });
    if (!chosen && found.filter((one) => one.proves).length === mostPrompts) break;
  }
  const kept = chosen ? found : [...found].sort((left, right) => Number(right.proves) - Number(left.proves));
  return {
    format: 1,
    sampling: { temperature: 0, seed: 0, max_tokens: maxTokens },
    prompts_from: chosen ? "chosen" : "built-in",
    prompts: chosen ? kept : kept.slice(0, mostPrompts),
  };
}

/** Throws "export.reload" when a file that was written cannot answer. */
export function checkProbes({ prompts }: ProbeFile): void {
  if (prompts.some(({ expected }) => Object.values(expected).some((text) => text !== ""))) return;
  throw new HoneError(
    "export.reload",
    "The exported model says nothing to any of the probe prompts.",
    "Choose probe prompts of your own, as the model was trained to answer, and export again.",
  );
}

function beginning(text: string): string {
  return [...text.trim()].slice(0, longestBeginning).join("").trim();
}

function sameBeginning(left: string, right: string): boolean {
  const length = Math.min(12, left.length, right.length);
  return length > 0 && left.slice(0, length) === right.slice(0, length);
}
