import type { ErrorData } from "@shared/errors";

/**
 * What goes on inside an engine process after the call that began it was answered: training runs and answers being generated.
 * When the process is lost their ends are told in its place, so that whoever waits for them has one thing to listen to.
 */
export class OpenWork {
  readonly #runs = new Set<string>();
  readonly #generations = new Set<string>();

  get count(): number {
    return this.#runs.size + this.#generations.size;
  }

  /** Before the call is sent: news may overtake its answer. */
  begin(path: string, input: unknown): void {
    if (path === "train.start") this.#runs.add((input as { runId: string }).runId);
    if (path === "chat.generate") this.#generations.add((input as { generationId: string }).generationId);
  }

  /** The call was refused: nothing goes on. */
  refuse(path: string, input: unknown): void {
    if (path === "train.start") this.#runs.delete((input as { runId: string }).runId);
    if (path === "chat.generate") this.#generations.delete((input as { generationId: string }).generationId);
  }

  end(path: string, payload: unknown): void {
    if (path === "train.ended") this.#runs.delete((payload as { runId: string }).runId);
    if (path === "chat.end") this.#generations.delete((payload as { generationId: string }).generationId);
  }

  /** News of the end of everything that was going on. */
  lose(error: ErrorData): { path: string; payload: unknown }[] {
    const { code, message, hint } = error;
    const news = [
      ...[...this.#runs].map((runId) => ({ path: "train.ended", payload: { runId, end: "failed", error } })),
      ...[...this.#generations].map((generationId) => ({
        path: "chat.end",
        payload: {
          generationId,
          reason: "failed",
          text: "",
          promptTokens: 0,
          tokens: 0,
          tokensPerSecond: 0,
          promptTokensPerSecond: 0,
          adapters: [],
          error: { code, message, hint },
        },
      })),
    ];
    this.#runs.clear();
    this.#generations.clear();
    return news;
  }
}
