import type { OpenModels } from "@main/engine/worker/models";
import { promptTokens } from "@main/engine/worker/prompt";
import type { NativeGeneration } from "@shared/engine/addon";
import type { EngineContract } from "@shared/engine/protocol";
import { toErrorData } from "@shared/errors";
import type { Emit, Handlers } from "@shared/ipc/define";

type GenerateInput = Parameters<Handlers<EngineContract>["chat"]["generate"]>[0];

/** Text is told at most once per frame of the screen. */
const frameMs = 16;

/** Answers being generated. Each ends with exactly one "chat.end". */
export class Chats {
  readonly #models: OpenModels;
  readonly #emit: Emit<EngineContract>;
  /** Null while the model is still being opened; `stopped` when its end was asked for before it began. */
  readonly #open = new Map<string, { generation: NativeGeneration | null; stopped: boolean }>();

  constructor(models: OpenModels, emit: Emit<EngineContract>) {
    this.#models = models;
    this.#emit = emit;
  }

  /** Returns at once; the answer follows as news. */
  generate(input: GenerateInput): void {
    const entry = { generation: null, stopped: false };
    this.#open.set(input.generationId, entry);
    this.#answer(input, entry)
      .catch((error: unknown) => {
        const { code, message, hint } = toErrorData(error);
        this.#emit("chat", "end", {
          ...nothing,
          generationId: input.generationId,
          reason: "failed",
          error: { code, message, hint },
        });
      })
      .finally(() => this.#open.delete(input.generationId));
  }

  stop(generationId: string): void {
    const entry = this.#open.get(generationId);
    if (!entry) return;
    entry.stopped = true;
    entry.generation?.stop();
  }

  async #answer(input: GenerateInput, entry: { generation: NativeGeneration | null; stopped: boolean }): Promise<void> {
    const { generationId } = input;
    await this.#models.use(input.model, async (model) => {
      const adapters = await Promise.all(
        input.adapters.map(async ({ path, strength }) => ({ adapter: await model.adapter(path), strength })),
      );
      const prompt = promptTokens(model, input.messages);
      if (entry.stopped) {
        this.#emit("chat", "end", { ...nothing, generationId, reason: "stopped" });
        return;
      }
      const teller = frameTeller((text) => this.#emit("chat", "token", { generationId, text }));
      entry.generation = model.native.generate({ prompt, adapters, sampling: input.sampling }, teller.add);
      const result = await entry.generation.done.finally(teller.flush);
      this.#emit("chat", "end", {
        generationId,
        reason: result.reason,
        text: teller.whole(),
        promptTokens: result.promptTokens,
        tokens: result.tokens.length,
        tokensPerSecond: rate(result.tokens.length, result.decodeSeconds),
        promptTokensPerSecond: rate(result.promptTokens, result.promptSeconds),
        adapters: input.adapters.map(({ path }, index) => ({ path, strength: result.strengths[index] ?? 0 })),
        error: null,
      });
    });
  }
}

const nothing = {
  text: "",
  promptTokens: 0,
  tokens: 0,
  tokensPerSecond: 0,
  promptTokensPerSecond: 0,
  adapters: [],
  error: null,
} as const;

function rate(count: number, seconds: number): number {
  return seconds > 0 ? count / seconds : 0;
}

/** Collects text and passes it on at most once per frame. */
function frameTeller(tell: (text: string) => void) {
  let whole = "";
  let waiting = "";
  let timer: NodeJS.Timeout | undefined;
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    if (waiting === "") return;
    tell(waiting);
    waiting = "";
  };
  return {
    add: (text: string) => {
      whole += text;
      waiting += text;
      timer ??= setTimeout(flush, frameMs);
    },
    flush,
    whole: () => whole,
  };
}
