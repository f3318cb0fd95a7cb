import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  addon,
  errorOf,
  fixture,
  greedy,
  largestDifference,
  modelFixture,
  reference,
  withModel,
} from "./support/addon";

describe("a model", () => {
  it("turns text into tokens with byte ranges, and back", async () => {
    await withModel("llama-f16", (model) => {
      const text = "Grüße, wake me at half past six 🙂";
      const bytes = Buffer.from(text);
      const { ids, begin, end } = model.tokenize(text, { addSpecial: false, parseSpecial: false });
      expect(ids.length).toBeGreaterThan(0);
      expect(begin.length).toBe(ids.length);
      expect(model.decode(ids, { showSpecial: false })).toBe(text);
      const covered = Buffer.concat(Array.from(begin, (from, i) => bytes.subarray(from, end[i])));
      expect(covered.toString()).toBe(text);
    });
  });

  it("knows its special tokens", async () => {
    await withModel("llama-q4_0", (model) => {
      const special = model.specialTokens();
      expect(special.bos).toBeTypeOf("number");
      expect(special.endOfGeneration).toContain(special.eos);
      expect(special.texts.bos).toBeTypeOf("string");
      const { ids } = model.tokenize(special.texts.bos as string, { addSpecial: false, parseSpecial: true });
      expect(Array.from(ids)).toEqual([special.bos]);
    });
  });

  it("computes the reference logits", async () => {
    for (const name of ["llama-f16", "bitnet-tq2_0"]) {
      const { tokens, logits, spread } = reference(name);
      await withModel(name, async (model) => {
        const found = await model.logits(tokens, { adapters: [], activations: "exact" });
        expect(largestDifference(found, logits)).toBeLessThan(1e-3 * spread);
        expect(found.length).toBe(tokens.length * model.info.vocabularySize);
      });
    }
  });

  it("rounds activations of a ternary model unless told otherwise", async () => {
    const { tokens } = reference("bitnet-tq2_0");
    await withModel("bitnet-tq2_0", async (model) => {
      const automatic = await model.logits(tokens, { adapters: [] });
      const rounded = await model.logits(tokens, { adapters: [], activations: "rounded" });
      const exact = await model.logits(tokens, { adapters: [], activations: "exact" });
      expect(largestDifference(automatic, rounded)).toBe(0);
      expect(largestDifference(automatic, exact)).toBeGreaterThan(1e-3);
    });
  });

  it("applies an adapter at the strength asked for, one or several at once", async () => {
    await withModel("bitnet-tq2_0", async (model) => {
      const adapter = await model.openAdapter(modelFixture("lora-bitnet-tq2_0"));
      expect(adapter.info).toMatchObject({ architecture: "bitnet", rank: 4, alpha: 8 });
      const logits = (tokens: Int32Array, ...strengths: number[]) =>
        model.logits(tokens, { adapters: strengths.map((strength) => ({ adapter, strength })), activations: "exact" });
      const full = reference("lora-bitnet-tq2_0");
      const half = reference("lora-bitnet-tq2_0.half");
      const [one, two, none] = await Promise.all([
        logits(full.tokens, 1),
        logits(half.tokens, 0.25, 0.25),
        logits(full.tokens, 0),
      ]);
      expect(largestDifference(one, full.logits)).toBeLessThan(1e-3 * full.spread);
      expect(largestDifference(two, half.logits)).toBeLessThan(1e-3 * half.spread);
      const base = await model.logits(full.tokens, { adapters: [], activations: "exact" });
      expect(largestDifference(none, base)).toBeLessThan(1e-4);
      adapter.close();
      expect((await errorOf(() => logits(full.tokens, 1))).code).toBe("adapter.closed");
    });
  });

  it("refuses adapters of another model", async () => {
    await withModel("llama-f16", async (model) => {
      const foreign = await errorOf(() => model.openAdapter(modelFixture("lora-bitnet-tq2_0")));
      expect(foreign.code).toBe("adapter.architecture");
      const adapter = await model.openAdapter(modelFixture("lora-llama-f16"));
      await withModel("llama-f16", async (other) => {
        const error = await errorOf(() => other.logits(Int32Array.of(1), { adapters: [{ adapter, strength: 1 }] }));
        expect(error.code).toBe("adapter.other-model");
      });
    });
  });

  it("refuses tokens that it does not have and texts that are too long", async () => {
    await withModel("llama-f16", async (model) => {
      const logits = (tokens: Int32Array) => model.logits(tokens, { adapters: [] });
      expect((await errorOf(() => logits(Int32Array.of(-1)))).code).toBe("generate.token");
      expect((await errorOf(() => logits(Int32Array.of(model.info.vocabularySize)))).code).toBe("generate.token");
      expect(await errorOf(() => logits(new Int32Array()))).toMatchObject({ code: "generate.prompt" });
      const tooLong = await errorOf(() => logits(new Int32Array(model.info.contextLength + 1)));
      expect(tooLong.code).toBe("generate.context");
      expect(tooLong.message).toContain(String(model.info.contextLength));
      expect((await errorOf(() => model.decode(Int32Array.of(1 << 30), { showSpecial: true }))).code).toBe(
        "generate.token",
      );
    });
  });

  it("is refused by name of the fault: a missing file, a damaged one, an unknown device", async () => {
    const open = (path: string, device = "cpu") => errorOf(() => addon.openModel(path, { device, threads: 1 }));
    expect((await open("/no/such.gguf")).code).toBe("file.missing");
    expect((await open(fixture("hostile/bad-alignment-0.gguf"))).code).toMatch(/^gguf\./);
    const device = await open(modelFixture("llama-f16"), "abacus");
    expect(device.code).toBe("device.unknown");
    expect(device.message).toContain("abacus");
  });

  it("is of no more use once closed, but ends what it has begun", async () => {
    const { tokens, logits, spread } = reference("llama-f16");
    const model = await addon.openModel(modelFixture("llama-f16"), { device: "cpu", threads: 1 });
    const opening = model.openAdapter(modelFixture("lora-llama-f16"));
    const pending = model.logits(tokens, { adapters: [], activations: "exact" });
    let answer = "";
    const generation = model.generate({ prompt: tokens, adapters: [], sampling: greedy(8) }, (text) => {
      answer += text;
    });
    model.close();
    model.close();
    expect(largestDifference(await pending, logits)).toBeLessThan(1e-3 * spread);
    expect((await generation.done).tokens.length).toBeGreaterThan(0);
    expect(answer).not.toBe("");
    (await opening).close();
    const closed = await errorOf(() => model.tokenize("x", { addSpecial: false, parseSpecial: false }));
    expect(closed.code).toBe("model.closed");
    expect(model.info.architecture).toBe("llama");
  });

  it("opens a file again and again without growing", async () => {
    const path = modelFixture("llama-f32");
    expect(readFileSync(path).length).toBeGreaterThan(0);
    for (let i = 0; i < 20; ++i) (await addon.openModel(path, { device: "cpu", threads: 1 })).close();
  });
});
