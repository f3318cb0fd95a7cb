import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import type { NativeMergeRequest } from "@shared/engine/addon";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../support/temp-folder";
import { addon, errorOf, modelFixture, reference, withModel } from "./support/addon";

const request = (change: Partial<NativeMergeRequest>): NativeMergeRequest => ({
  adapters: [],
  type: "q8_0",
  embedding: "keep",
  metadata: {},
  ...change,
});

describe("merging", () => {
  it("writes the file that was planned, and tells how far it is", async () => {
    await withModel("llama-f16", async (model) => {
      const adapters = [{ adapter: await model.openAdapter(modelFixture("lora-llama-f16")), strength: 1 }];
      const plan = model.planMerge(request({ adapters, type: "q4_k_m" }));
      expect(plan.changed).toBe(14);
      const target = join(await tempFolder(), "merged.gguf");
      const told: [number, number][] = [];
      const { done } = model.merge({ ...request({ adapters, type: "q4_k_m" }), target }, (at, of) =>
        told.push([at, of]),
      );
      expect(await done).toEqual(plan);
      expect(statSync(target).size).toBe(plan.fileBytes);
      const [at, of] = told.at(-1) as [number, number];
      expect(at).toBe(of);

      const merged = await addon.openModel(target, { device: "cpu", threads: 2 });
      const { tokens } = reference("llama-f16");
      const found = await model.compare(
        { tokens, adapters, other: { model: merged, adapters: [] }, activations: "exact" },
        () => undefined,
      ).done;
      expect(found.tokens).toBe(tokens.length);
      expect(found.meanSquare).toBeGreaterThan(0);
      expect(found.meanSquare).toBeLessThan(0.2);
      merged.close();
    });
  });

  it("that is stopped rejects and leaves no file", async () => {
    await withModel("llama-f16", async (model) => {
      const target = join(await tempFolder(), "merged.gguf");
      const work = model.merge({ ...request({}), target }, () => undefined);
      work.stop();
      expect((await errorOf(() => work.done)).code).toBe("merge.stopped");
      expect(existsSync(target)).toBe(false);
    });
  });

  it("keeps the model alive that JavaScript closed meanwhile", async () => {
    const model = await addon.openModel(modelFixture("llama-q8_0"), { device: "cpu", threads: 1 });
    const target = join(await tempFolder(), "merged.gguf");
    const { done } = model.merge({ ...request({ type: "f16" }), target }, () => undefined);
    model.close();
    expect(statSync(target, { throwIfNoEntry: false })?.size ?? (await done).fileBytes).toBeGreaterThan(0);
    await done;
  });

  it("refuses what is no request, naming it", async () => {
    await withModel("llama-f16", async (model) => {
      const wrong = (change: object) => errorOf(() => model.planMerge({ ...request({}), ...change } as never));
      expect(await wrong({ type: "q9" })).toMatchObject({ code: "merge.type" });
      expect(await wrong({ embedding: "eat" })).toMatchObject({ code: "addon.argument" });
      expect(await wrong({ adapters: [{}] })).toMatchObject({ code: "addon.argument" });
      expect(await wrong({ metadata: { "tokenizer.ggml.model": "x" } })).toMatchObject({ code: "adapter.metadata" });
      const tokens = Int32Array.of(1, 2);
      const other = { model: {} as never, adapters: [] };
      expect(await errorOf(() => model.compare({ tokens, adapters: [], other }, () => undefined))).toMatchObject({
        code: "addon.argument",
        message: expect.stringContaining("request.other.model"),
      });
    });
  });
});
