import type { NativeGenerationResult, NativeModel } from "@shared/engine/addon";
import type { Sampling } from "@shared/models/chat";
import { describe, expect, it } from "vitest";
import { errorOf, greedy, modelFixture, reference, withModel } from "./support/addon";

const { tokens } = reference("llama-f16");

async function answer(
  model: NativeModel,
  sampling: Sampling,
  prompt: Int32Array = tokens,
): Promise<NativeGenerationResult & { text: string; pieces: string[] }> {
  const pieces: string[] = [];
  const result = await model.generate({ prompt, adapters: [], sampling }, (text) => pieces.push(text)).done;
  return { ...result, text: pieces.join(""), pieces };
}

describe("generation", () => {
  it("takes the most likely token each time when greedy", async () => {
    await withModel("llama-f16", async (model) => {
      const { tokens: chosen, reason } = await answer(model, greedy(6));
      expect(reason).toBe("length");
      const whole = Int32Array.from([...tokens, ...chosen]);
      const logits = await model.logits(whole, { adapters: [] });
      const vocabulary = model.info.vocabularySize;
      chosen.forEach((token, i) => {
        const row = logits.subarray((tokens.length + i - 1) * vocabulary, (tokens.length + i) * vocabulary);
        expect(row.indexOf(Math.max(...row))).toBe(token);
      });
    });
  });

  it("gives the same answer for the same seed, and others for others", async () => {
    await withModel("llama-f16", async (model) => {
      const drawn = (seed: number) => answer(model, greedy(24, { temperature: 1.5, topK: 0, topP: 1, minP: 0, seed }));
      const [first, again, other] = await Promise.all([drawn(5), drawn(5), drawn(6)]);
      expect(again.tokens).toEqual(first.tokens);
      expect(again.text).toBe(first.text);
      expect(other.tokens).not.toEqual(first.tokens);
    });
  });

  it("streams the text of its tokens, whole characters only", async () => {
    await withModel("llama-f16", async (model) => {
      const {
        text,
        pieces,
        tokens: chosen,
      } = await answer(model, greedy(40, { temperature: 2, topK: 0, topP: 1, minP: 0 }));
      expect(pieces.every((piece) => piece.length > 0)).toBe(true);
      expect(text).toBe(model.decode(chosen, { showSpecial: false }));
    });
  });

  it("counts and times what it does", async () => {
    await withModel("llama-f16", async (model) => {
      const result = await answer(model, greedy(4));
      expect(result).toMatchObject({ promptTokens: tokens.length, strengths: [] });
      expect(result.promptSeconds).toBeGreaterThan(0);
      expect(result.decodeSeconds).toBeGreaterThan(0);
    });
  });

  it("ends before a stop string and never shows a part of it", async () => {
    await withModel("llama-f16", async (model) => {
      const whole = (await answer(model, greedy(30))).text;
      const middle = Math.floor(whole.length / 2);
      const stop = whole.slice(middle, middle + 3);
      const { text, reason } = await answer(model, greedy(30, { stop: ["never to be seen", stop] }));
      expect(reason).toBe("stop-string");
      expect(text).toBe(whole.slice(0, whole.indexOf(stop)));
    });
  });

  it("ends where the context is full", async () => {
    await withModel("llama-f16", async (model) => {
      const prompt = new Int32Array(model.info.contextLength - 3).fill(50);
      const { reason, tokens: chosen } = await answer(model, greedy(100), prompt);
      expect(["context", "end"]).toContain(reason);
      if (reason === "context") expect(chosen.length).toBe(4);
      const tooLong = await errorOf(() =>
        answer(model, greedy(1), new Int32Array(model.info.contextLength + 1).fill(50)),
      );
      expect(tooLong.code).toBe("generate.context");
    });
  });

  it("stops at once when told to", async () => {
    await withModel("llama-f16", async (model) => {
      const generation = model.generate(
        { prompt: tokens, adapters: [], sampling: greedy(400, { repetitionPenalty: 1.3 }) },
        () => generation.stop(),
      );
      const { reason, tokens: chosen } = await generation.done;
      expect(["stopped", "end"]).toContain(reason);
      expect(chosen.length).toBeLessThan(400);
      generation.stop();
    });
  });

  it("serves the base and several strengths of an adapter at the same time, and reports them", async () => {
    await withModel("llama-f16", async (model) => {
      const adapter = await model.openAdapter(modelFixture("lora-llama-f16"));
      const run = async (...strengths: number[]) => {
        const adapters = strengths.map((strength) => ({ adapter, strength }));
        const result = await model.generate({ prompt: tokens, adapters, sampling: greedy(12) }, () => {}).done;
        expect(result.strengths).toEqual(strengths);
        return Array.from(result.tokens);
      };
      const together = await Promise.all([run(), run(0.5), run(1), run(0.5, 0.5), run(-2)]);
      const [base, half, full, halves, negative] = together;
      expect(halves).toEqual(full);
      expect(new Set([base, half, full, negative].map(String)).size).toBeGreaterThan(2);
      expect(await run(0.5)).toEqual(half);
      expect(await run()).toEqual(base);
    });
  });

  it("ends with what its listener throws", async () => {
    await withModel("llama-f16", async (model) => {
      const failure = new TypeError("the listener is broken");
      const generation = model.generate({ prompt: tokens, adapters: [], sampling: greedy(200) }, () => {
        throw failure;
      });
      await expect(generation.done).rejects.toBe(failure);
    });
  });

  it("refuses an empty prompt and settings that mean nothing", async () => {
    await withModel("llama-f16", async (model) => {
      expect((await errorOf(() => answer(model, greedy(1), new Int32Array()))).code).toBe("generate.prompt");
      expect((await errorOf(() => answer(model, greedy(1, { topP: 0 })))).code).toBe("sampling.value");
      expect((await errorOf(() => answer(model, greedy(1, { repetitionPenalty: 0 })))).code).toBe("sampling.value");
      expect((await errorOf(() => answer(model, greedy(1), Int32Array.of(1 << 20)))).code).toBe("generate.token");
    });
  });
});
