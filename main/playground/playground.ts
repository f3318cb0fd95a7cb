import type { AdapterLibrary } from "@main/adapters/library";
import type { EngineClient } from "@main/engine/client";
import type { CheckpointShelf } from "@main/jobs/checkpoint-shelf";
import type { ModelLibrary } from "@main/models/library";
import { modelRef } from "@main/models/model-ref";
import { ask, type EngineAnswer, type Question } from "@main/playground/answers";
import type { SettingsStore } from "@main/settings/settings";
import { newId } from "@main/storage/id";
import { HoneError, toErrorData } from "@shared/errors";
import type { HoneContract } from "@shared/ipc/contract";
import type { Emit } from "@shared/ipc/define";
import type { GenerateRequest, GenerationEnd, Provenance } from "@shared/models/chat";

export interface PlaygroundOptions {
  readonly engine: EngineClient;
  readonly models: ModelLibrary;
  readonly adapters: AdapterLibrary;
  readonly checkpoints: CheckpointShelf;
  readonly settings: SettingsStore;
  readonly emit: Emit<HoneContract>;
}

/** A request with everything that the engine needs, and what names its answer. */
interface Prepared {
  readonly chosen: readonly { readonly path: string; readonly digest: string }[];
  readonly modelName: string;
  readonly asked: Question;
}

/** Answers for the window: text and end as news, with what the engine says produced them. */
export class Playground {
  constructor(private readonly options: PlaygroundOptions) {}

  async generate(request: GenerateRequest): Promise<{ generationId: string }> {
    const { emit } = this.options;
    const generationId = newId();
    const question = await this.#question(request);
    this.#answer(generationId, question, (text) => emit("playground", "token", { generationId, text })).then((end) =>
      emit("playground", "end", end),
    );
    return { generationId };
  }

  /** One answer for a caller of its own; throws what is wrong with the request. `gone` stops it. */
  async answer(request: GenerateRequest, onText: (text: string) => void, gone: AbortSignal): Promise<GenerationEnd> {
    const generationId = newId();
    const question = await this.#question(request);
    const stop = () => void this.stop(generationId).catch(() => undefined);
    gone.addEventListener("abort", stop, { once: true });
    try {
      return await this.#answer(generationId, question, onText);
    } finally {
      gone.removeEventListener("abort", stop);
    }
  }

  async stop(generationId: string): Promise<void> {
    await this.options.engine.chat.stop({ generationId });
  }

  async #question(request: GenerateRequest): Promise<Prepared> {
    const { models, settings } = this.options;
    if (request.messages.at(-1)?.role !== "user") {
      throw new HoneError("chat.order", "The conversation does not end with a question.", "Add a message of the user.");
    }
    const { info } = await models.present(request.modelId);
    const chosen = await this.#adapters(request);
    return {
      chosen,
      modelName: info.name,
      asked: {
        model: modelRef(info, settings.get()),
        adapters: chosen.map(({ path, strength }) => ({ path, strength })),
        messages: request.messages,
        sampling: request.sampling,
      },
    };
  }

  /** Never throws: what goes wrong is in the end. */
  async #answer(
    generationId: string,
    { asked, modelName, chosen }: Prepared,
    onText: (text: string) => void,
  ): Promise<GenerationEnd> {
    try {
      return this.#ended(generationId, await ask(this.options.engine, generationId, asked, onText), modelName, chosen);
    } catch (error) {
      return { ...nothing, generationId, error: withoutDetails(error) };
    }
  }

  async #adapters(request: GenerateRequest) {
    const { adapters, checkpoints, models } = this.options;
    const found = await Promise.all(
      request.adapters.map(async (active) => {
        if ("adapterId" in active) return { ...(await adapters.present(active.adapterId)), strength: active.strength };
        const { runId, step, strength } = active;
        return { ...(await checkpoints.open(runId, step)), name: `step ${step}`, strength };
      }),
    );
    const base = models.get(request.modelId).digest;
    for (const { name, baseDigest } of found) {
      if (base !== null && baseDigest !== null && base !== baseDigest) {
        throw new HoneError(
          "adapter.base",
          `The adapter "${name}" was made for another base (${baseDigest.slice(0, 8)}) than this model (${base.slice(0, 8)}).`,
          "Choose the model it was trained on, or import the adapter file again for this model.",
        );
      }
    }
    return found;
  }

  #ended(
    generationId: string,
    answer: EngineAnswer,
    modelName: string,
    chosen: readonly { readonly path: string; readonly digest: string }[],
  ): GenerationEnd {
    const { reason, promptTokens, tokens, tokensPerSecond, promptTokensPerSecond, error } = answer;
    const provenance: Provenance = {
      modelName,
      adapters: answer.adapters.map(({ path, strength }) => ({
        digest: chosen.find((adapter) => adapter.path === path)?.digest ?? "unknown",
        strength,
      })),
    };
    return {
      generationId,
      reason,
      promptTokens,
      tokens,
      tokensPerSecond,
      promptTokensPerSecond,
      provenance: reason === "failed" ? null : provenance,
      error,
    };
  }
}

const nothing = {
  reason: "failed",
  promptTokens: 0,
  tokens: 0,
  tokensPerSecond: 0,
  promptTokensPerSecond: 0,
  provenance: null,
} as const;

function withoutDetails(error: unknown): { code: string; message: string; hint: string } {
  const { code, message, hint } = toErrorData(error);
  return { code, message, hint };
}
