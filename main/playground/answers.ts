import type { EngineClient } from "@main/engine/client";
import { newId } from "@main/storage/id";
import type { ModelRef } from "@shared/engine/protocol";
import { fromErrorData, HoneError } from "@shared/errors";
import type { Sampling } from "@shared/models/chat";
import type { ChatMessage } from "@shared/models/dataset";

export interface Question {
  readonly model: ModelRef;
  readonly adapters: readonly { readonly path: string; readonly strength: number }[];
  readonly messages: readonly ChatMessage[];
  readonly sampling: Sampling;
}

export type EngineAnswer = Parameters<Parameters<EngineClient["chat"]["end"]>[0]>[0];

/**
 * Asks one question. Resolves with the end as the engine tells it, reason "failed" included; rejects when the question was
 * refused. `onText` follows the answer as it grows.
 */
export function ask(
  engine: EngineClient,
  generationId: string,
  { model, adapters, messages, sampling }: Question,
  onText: (text: string) => void = () => undefined,
): Promise<EngineAnswer> {
  return new Promise((resolve, reject) => {
    const leave = (settle: () => void) => {
      stopTokens();
      stopEnd();
      settle();
    };
    const stopTokens = engine.chat.token((news) => news.generationId === generationId && onText(news.text));
    const stopEnd = engine.chat.end((news) => news.generationId === generationId && leave(() => resolve(news)));
    engine.chat
      .generate({ generationId, model, adapters: [...adapters], messages: [...messages], sampling })
      .catch((error: unknown) => leave(() => reject(error)));
  });
}

/** The whole answer; throws the engine's error. */
export async function answerOf(engine: EngineClient, question: Question): Promise<EngineAnswer> {
  const answer = await ask(engine, newId(), question);
  if (answer.reason !== "failed") return answer;
  throw answer.error
    ? fromErrorData(answer.error)
    : new HoneError("engine.failed", "The answer failed without a reason.");
}
