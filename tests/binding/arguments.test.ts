import type { NativeModel } from "@shared/engine/addon";
import { describe, expect, it } from "vitest";
import { addon, errorOf, greedy, modelFixture, recipe, rows, silent, trainRequest, withModel } from "./support/addon";

type Loose = (...values: unknown[]) => unknown;

/** The method without its types, so that wrong values can be handed to it. */
const loose = (owner: object, name: string): Loose => (owner as Record<string, Loose>)[name]?.bind(owner) as Loose;

const notStrings = [undefined, null, 3, true, {}, [], () => {}, Symbol("path"), 10n];
const notObjects = [undefined, null, 3, "text", true, [], () => {}];

async function expectRefusal(act: () => unknown, name: string) {
  const { code, message } = await errorOf(act);
  expect(code).toBe("addon.argument");
  expect(message).toContain(`"${name}"`);
}

describe("wrong arguments", () => {
  it("to functions of the addon are refused by name", async () => {
    for (const value of notStrings) {
      await expectRefusal(() => loose(addon, "inspect")(value), "path");
      await expectRefusal(() => loose(addon, "inspectAdapter")(value), "path");
      await expectRefusal(() => loose(addon, "openModel")(value, { device: "cpu", threads: 1 }), "path");
      await expectRefusal(() => loose(addon, "convertAdapter")(value, "b", { type: "f32", metadata: {} }), "source");
      await expectRefusal(() => loose(addon, "convertAdapter")("a", value, { type: "f32", metadata: {} }), "target");
    }
    const path = modelFixture("llama-f32");
    for (const value of notObjects) {
      await expectRefusal(() => loose(addon, "openModel")(path, value), "options");
      await expectRefusal(() => loose(addon, "convertAdapter")("a", "b", value), "options");
      await expectRefusal(
        () => loose(addon, "convertAdapter")("a", "b", { type: "f32", metadata: value }),
        "options.metadata",
      );
    }
    const open = (changes: object) => () => loose(addon, "openModel")(path, { device: "cpu", threads: 1, ...changes });
    for (const threads of [undefined, "2", -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 1e9])
      await expectRefusal(open({ threads }), "options.threads");
    await expectRefusal(open({ device: 1 }), "options.device");
    await expectRefusal(open({ activation: "gelu" }), "options.activation");
    await expectRefusal(() => loose(addon, "convertAdapter")("a", "b", { type: "q8_0", metadata: {} }), "options.type");
    await expectRefusal(
      () => loose(addon, "convertAdapter")("a", "b", { type: "f32", metadata: { key: 1 } }),
      "options.metadata.key",
    );
  });

  it("to methods of a model are refused by name", async () => {
    await withModel("llama-f32", async (model) => {
      const tokens = Int32Array.of(40, 41);
      const call =
        (name: string, ...values: unknown[]) =>
        () =>
          loose(model, name)(...values);
      for (const value of notStrings) {
        await expectRefusal(call("tokenize", value, { addSpecial: true, parseSpecial: true }), "text");
        await expectRefusal(call("openAdapter", value), "path");
      }
      for (const value of notObjects) {
        await expectRefusal(call("tokenize", "a", value), "options");
        await expectRefusal(call("decode", tokens, value), "options");
        await expectRefusal(call("logits", tokens, value), "options");
        await expectRefusal(
          call("generate", value, () => {}),
          "request",
        );
        await expectRefusal(call("forecast", value), "recipe");
        await expectRefusal(call("train", value, silent), "request");
        await expectRefusal(call("train", trainRequest("/tmp"), value), "observer");
      }
      await expectRefusal(call("tokenize", "a", { addSpecial: 1, parseSpecial: true }), "options.addSpecial");
      for (const value of [undefined, [1], new Float32Array(2), new Uint8Array(2), new ArrayBuffer(8), "1"]) {
        await expectRefusal(call("decode", value, { showSpecial: true }), "tokens");
        await expectRefusal(call("logits", value, { adapters: [] }), "tokens");
        await expectRefusal(
          call("generate", { prompt: value, adapters: [], sampling: greedy(1) }, () => {}),
          "request.prompt",
        );
      }
      await expectRefusal(call("logits", tokens, { adapters: [], activations: "best" }), "options.activations");
      await expectRefusal(call("logits", tokens, { adapters: {} }), "options.adapters");
      await expectRefusal(call("generate", { prompt: tokens, adapters: [], sampling: greedy(1) }, "print"), "onText");
    });
  });

  it("in place of an adapter are refused, whatever they pretend to be", async () => {
    await withModel("llama-f16", async (model) => {
      const adapter = await model.openAdapter(modelFixture("lora-llama-f16"));
      const logits = (item: unknown) => () => loose(model, "logits")(Int32Array.of(1), { adapters: [item] });
      for (const value of [undefined, null, 3, {}, model, Object.create(Object.getPrototypeOf(adapter))])
        await expectRefusal(logits({ adapter: value, strength: 1 }), "options.adapters[0].adapter");
      for (const strength of [undefined, "1", Number.NaN])
        await expectRefusal(logits({ adapter, strength }), "options.adapters[0].strength");
      await expectRefusal(logits(3), "options.adapters[0]");
    });
  });

  it("in sampling settings are refused by name", async () => {
    await withModel("llama-f32", async (model) => {
      const generate = (changes: object) => () =>
        loose(model, "generate")(
          { prompt: Int32Array.of(40), adapters: [], sampling: { ...greedy(1), ...changes } },
          () => {},
        );
      const wrong: Record<string, unknown[]> = {
        temperature: [undefined, "hot", -1, Number.NaN],
        topK: [undefined, 1.5, -1],
        topP: [undefined, 2, "1"],
        minP: [null, -0.5],
        repetitionPenalty: [undefined, -1],
        seed: [undefined, -1, 0.5, 2 ** 60],
        maxTokens: [undefined, 0, "1"],
        stop: [undefined, "end"],
      };
      for (const [name, values] of Object.entries(wrong))
        for (const value of values) await expectRefusal(generate({ [name]: value }), `request.sampling.${name}`);
      await expectRefusal(generate({ stop: ["a", 1] }), "request.sampling.stop[1]");
    });
  });

  it("in recipes and rows are refused by name", async () => {
    await withModel("llama-f32", async (model) => {
      for (const name of Object.keys(recipe()))
        await expectRefusal(() => loose(model, "forecast")({ ...recipe(), [name]: undefined }), `recipe.${name}`);
      const train = (changes: object) => () => loose(model, "train")({ ...trainRequest("/tmp"), ...changes }, silent);
      await expectRefusal(train({ recipe: { ...recipe(), projections: ["q", "w"] } }), "request.recipe.projections[1]");
      await expectRefusal(train({ recipe: { ...recipe(), schedule: "steep" } }), "request.recipe.schedule");
      await expectRefusal(train({ recipe: { ...recipe(), batchSize: 0 } }), "request.recipe.batchSize");
      await expectRefusal(train({ recipe: { ...recipe(), checkpointEvery: -1 } }), "request.recipe.checkpointEvery");
      for (const name of ["checkpointPath", "resume", "adapterPath", "metadata", "train", "validation"])
        await expectRefusal(train({ [name]: undefined }), `request.${name}`);

      const good = rows(2);
      await expectRefusal(train({ train: { ...good, mask: good.mask.subarray(1) } }), "request.train");
      for (const offsets of [[], [1, 32], [0, 31], [0, 20, 10, 32], [-4, 32]])
        await expectRefusal(train({ train: { ...good, offsets: Int32Array.from(offsets) } }), "request.train.offsets");
      await expectRefusal(
        () => loose(model, "train")(trainRequest("/tmp"), { ...silent, onLog: "print" }),
        "observer.onLog",
      );
    });
  });

  it("throw what a getter of the caller throws", async () => {
    const failure = new RangeError("no");
    const options = {
      get device() {
        throw failure;
      },
      threads: 1,
    };
    await expect(async () => loose(addon, "openModel")(modelFixture("llama-f32"), options)).rejects.toBe(failure);
  });
});

describe("objects of the addon", () => {
  it("cannot be made by hand", async () => {
    await withModel("llama-f16", async (model) => {
      const adapter = await model.openAdapter(modelFixture("lora-llama-f16"));
      for (const made of [model, adapter]) {
        const Made = made.constructor as new (...values: unknown[]) => unknown;
        expect((await errorOf(() => new Made())).code).toBe("addon.argument");
        expect((await errorOf(() => new Made({}))).code).toBe("addon.argument");
      }
    });
  });

  it("do not lend their methods to others", async () => {
    await withModel("llama-f16", async (model) => {
      const adapter = await model.openAdapter(modelFixture("lora-llama-f16"));
      const close = adapter.close as () => void;
      expect(() => close.call(model)).toThrow();
      expect(() => close.call({})).toThrow();
      expect(() => (model.specialTokens as (this: unknown) => unknown).call(adapter)).toThrow();
      expect((model as NativeModel).specialTokens().endOfGeneration.length).toBeGreaterThan(0);
    });
  });
});
