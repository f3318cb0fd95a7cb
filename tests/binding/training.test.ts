import { copyFileSync, existsSync, readdirSync, readFileSync } from "node:fs";
import type { NativeStep, NativeTraining, TrainObserver } from "@shared/engine/addon";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../support/temp-folder";
import {
  addon,
  errorOf,
  largestDifference,
  recipe,
  reference,
  rows,
  silent,
  trainRequest,
  withModel,
} from "./support/addon";

/** Keeps everything that a run reports. */
function recorder() {
  const steps: NativeStep[] = [];
  const validations: { step: number; loss: number; tokenAccuracy: number }[] = [];
  const log: string[] = [];
  const observer: TrainObserver = {
    onStep: (step) => steps.push(step),
    onValidation: (result) => validations.push(result),
    onLog: (level, text) => log.push(`${level}: ${text}`),
  };
  return { steps, validations, log, observer };
}

describe("training", () => {
  it("lowers the loss and writes an adapter that changes the model", async () => {
    const folder = await tempFolder();
    await withModel("bitnet-tq2_0", async (model) => {
      const { steps, validations, observer } = recorder();
      const request = trainRequest(folder, {
        validation: rows(3),
        recipe: recipe({ totalSteps: 20, validateEvery: 5 }),
      });
      const end = await model.train(request, observer).done;
      expect(end).toEqual({ end: "finished", step: 20 });

      expect(steps.map(({ step }) => step)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
      const [first, last] = [steps[0] as NativeStep, steps[19] as NativeStep];
      expect(last.loss).toBeLessThan(0.7 * first.loss);
      for (const step of steps) {
        expect(step).toMatchObject({ totalSteps: 20, learningRate: expect.closeTo(5e-3, 8), tokens: 32 });
        expect(step.gradientNorm).toBeGreaterThan(0);
        expect(step.seconds).toBeGreaterThan(0);
        expect(step.memoryBytes).toBeGreaterThan(500_000);
      }
      expect(validations.map(({ step }) => step)).toEqual([0, 5, 10, 15, 20]);
      expect(validations.at(-1)?.loss).toBeLessThan(validations[0]?.loss as number);
      expect(validations.at(-1)?.tokenAccuracy).toBeGreaterThanOrEqual(0);

      expect(await addon.inspectAdapter(request.adapterPath)).toMatchObject({
        name: "test adapter",
        rank: 4,
        alpha: 8,
      });
      const adapter = await model.openAdapter(request.adapterPath);
      const { tokens } = reference("bitnet-tq2_0");
      const base = await model.logits(tokens, { adapters: [] });
      const tuned = await model.logits(tokens, { adapters: [{ adapter, strength: 1 }] });
      expect(largestDifference(base, tuned)).toBeGreaterThan(0.01);
    });
  });

  it("gives matrices ranks of their own and adds noise to embeddings", async () => {
    const folder = await tempFolder();
    await withModel("lfm2-q8_0", async (model) => {
      const settings = recipe({ ranks: { q: 8, down: 2 }, embeddingNoise: 5, totalSteps: 2 });
      const request = trainRequest(folder, { recipe: settings });
      await model.train(request, silent).done;
      // Eight for the largest: q of the attention layers, and the input matrix of the convolutions in its place.
      expect(await addon.inspectAdapter(request.adapterPath)).toMatchObject({ rank: 8, architecture: "lfm2" });
    });
  });

  it("continues a stopped run to the same adapter, bit for bit", async () => {
    const whole = await tempFolder();
    const parts = await tempFolder();
    const settings = recipe({ totalSteps: 10, dropout: 0.1, schedule: "cosine", warmupSteps: 3, checkpointEvery: 4 });
    await withModel("bitnet-tq2_0", async (model) => {
      await model.train(trainRequest(whole, { recipe: settings }), silent).done;

      const { steps, observer } = recorder();
      const training: NativeTraining = model.train(trainRequest(parts, { recipe: settings }), {
        ...observer,
        onStep: (step) => {
          observer.onStep(step);
          if (step.step === 3) training.stop("checkpoint");
        },
      });
      const stopped = await training.done;
      expect(stopped.end).toBe("stopped");
      expect(stopped.step).toBeGreaterThanOrEqual(3);
      expect(stopped.step).toBeLessThan(10);
      expect(readdirSync(parts)).toEqual(["run.checkpoint"]);

      const end = await model.train(trainRequest(parts, { recipe: settings, resume: true }), observer).done;
      expect(end).toEqual({ end: "finished", step: 10 });
      expect(steps.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    });
    expect(readFileSync(`${parts}/adapter.gguf`).equals(readFileSync(`${whole}/adapter.gguf`))).toBe(true);
  });

  it("keeps every checkpoint, says its checksum, and finds it again when the run goes on", async () => {
    const folder = await tempFolder();
    const settings = recipe({ totalSteps: 9, checkpointEvery: 3 });
    await withModel("bitnet-tq2_0", async (model) => {
      const keepFolder = `${folder}/kept`;
      const told: { step: number; checksum: string; kept: boolean }[] = [];
      const resumes: { step: number; checksum: string; from: string }[] = [];
      const observer: TrainObserver = {
        ...silent,
        onCheckpoint: (checkpoint) => told.push(checkpoint),
        onResume: (resume) => resumes.push(resume),
      };
      const request = trainRequest(folder, { recipe: settings, keepFolder });
      await model.train(request, observer).done;
      expect(told.map(({ step, kept }) => ({ step, kept }))).toEqual([3, 6, 9].map((step) => ({ step, kept: true })));
      expect(readdirSync(keepFolder).sort()).toEqual(["3.gguf", "6.gguf", "9.gguf"]);

      // The last one holds the finished adapter, to the byte.
      const again = { recipe: settings, adapterPath: `${folder}/again.gguf`, metadata: request.metadata };
      const last = await model.checkpointAdapter({ ...again, checkpointPath: `${keepFolder}/9.gguf` });
      expect(last).toEqual({ step: 9, checksum: told[2]?.checksum });
      expect(readFileSync(again.adapterPath).equals(readFileSync(request.adapterPath))).toBe(true);
      await model.checkpointAdapter({ ...again, checkpointPath: `${keepFolder}/3.gguf` });
      expect(readFileSync(again.adapterPath).equals(readFileSync(request.adapterPath))).toBe(false);

      // And a run from the first one ends in the same bytes.
      copyFileSync(`${keepFolder}/3.gguf`, `${folder}/second.checkpoint`);
      const second = trainRequest(folder, {
        recipe: settings,
        resume: true,
        checkpointPath: `${folder}/second.checkpoint`,
        adapterPath: `${folder}/second.gguf`,
      });
      await model.train(second, observer).done;
      expect(resumes).toEqual([{ step: 3, checksum: told[0]?.checksum, from: "newest" }]);
      expect(readFileSync(second.adapterPath).equals(readFileSync(request.adapterPath))).toBe(true);
    });
  });

  it("ends at a step that the caller names as if it had been the last", async () => {
    const folder = await tempFolder();
    await withModel("bitnet-tq2_0", async (model) => {
      const request = trainRequest(folder, {
        recipe: recipe({ totalSteps: 9, checkpointEvery: 1, schedule: "cosine" }),
        keepFolder: `${folder}/kept`,
        lastStep: 4,
      });
      expect(await model.train(request, silent).done).toEqual({ end: "finished", step: 4 });
      expect(existsSync(request.adapterPath)).toBe(true);
    });
  });

  it("gives the same adapter however slowly it is told to go", async () => {
    const quick = await tempFolder();
    const slow = await tempFolder();
    await withModel("bitnet-tq2_0", async (model) => {
      await model.train(trainRequest(quick), silent).done;
      const begin = performance.now();
      let worked = 0;
      const training: NativeTraining = model.train(trainRequest(slow, { duty: 0.2 }), {
        ...silent,
        onStep: ({ step, seconds }) => {
          worked += seconds;
          if (step === 6) training.pace(0.5);
        },
      });
      await training.done;
      const seconds = (performance.now() - begin) / 1000;
      expect(seconds).toBeGreaterThan(1.5 * worked);
      expect((await errorOf(() => training.pace(0))).code).toBe("addon.argument");
    });
    expect(readFileSync(`${slow}/adapter.gguf`).equals(readFileSync(`${quick}/adapter.gguf`))).toBe(true);
  });

  it("ends a rest at once when the run is stopped", async () => {
    const folder = await tempFolder();
    await withModel("bitnet-tq2_0", async (model) => {
      const training: NativeTraining = model.train(
        trainRequest(folder, { duty: 0.05, recipe: recipe({ batchSize: 8, totalSteps: 500 }) }),
        { ...silent, onStep: ({ step }) => step === 2 && training.stop("checkpoint") },
      );
      expect((await training.done).end).toBe("stopped");
    });
  });

  it("measures the loss of rows with and without an adapter, as validation does", async () => {
    const folder = await tempFolder();
    await withModel("bitnet-tq2_0", async (model) => {
      const { validations, observer } = recorder();
      const request = trainRequest(folder, { validation: rows(3) });
      await model.train(request, observer).done;
      const adapter = await model.openAdapter(request.adapterPath);
      const before = await model.evaluate(rows(3), { adapters: [] });
      const after = await model.evaluate(rows(3), { adapters: [{ adapter, strength: 1 }] });
      expect(before.targets).toBe(3 * 8);
      expect(before.loss / before.targets).toBeCloseTo(validations[0]?.loss as number, 4);
      expect(after.loss / after.targets).toBeCloseTo(validations.at(-1)?.loss as number, 4);
      expect(after.correct).toBeGreaterThanOrEqual(before.correct);
      const outside = { ...rows(1), tokens: Int32Array.from({ length: 16 }, () => 1_000_000) };
      expect((await errorOf(() => model.evaluate(outside, { adapters: [] }))).code).toBe("data.token");
    });
  });

  it("gives the same adapter on one thread as on two", async () => {
    const folders = [await tempFolder(), await tempFolder()];
    for (const [i, folder] of folders.entries()) {
      await withModel("llama-q8_0", (model) => model.train(trainRequest(folder), silent).done, i + 1);
    }
    const [one, two] = folders.map((folder) => readFileSync(`${folder}/adapter.gguf`)) as [Buffer, Buffer];
    expect(one.equals(two)).toBe(true);
  });

  it("writes nothing when it is discarded, and ends within a micro-batch", async () => {
    const folder = await tempFolder();
    await withModel("bitnet-tq2_0", async (model) => {
      const request = trainRequest(folder, { recipe: recipe({ totalSteps: 100_000 }) });
      const training: NativeTraining = model.train(request, { ...silent, onStep: () => training.stop("discard") });
      const { end, step } = await training.done;
      expect(end).toBe("stopped");
      expect(step).toBeLessThan(100_000);
    });
    expect(readdirSync(folder)).toEqual([]);
  });

  it("stops before its first step when told so at once", async () => {
    const folder = await tempFolder();
    await withModel("bitnet-tq2_0", async (model) => {
      const training = model.train(trainRequest(folder, { recipe: recipe({ totalSteps: 100_000 }) }), silent);
      training.stop("checkpoint");
      expect((await training.done).step).toBeLessThan(100);
    });
    expect(existsSync(`${folder}/run.checkpoint`)).toBe(true);
  });

  it("hands out copies of the adapter while it goes on", async () => {
    const folder = await tempFolder();
    await withModel("bitnet-tq2_0", async (model) => {
      const { tokens } = reference("bitnet-tq2_0");
      const samples: Promise<Float32Array>[] = [];
      const training: NativeTraining = model.train(trainRequest(folder, { recipe: recipe({ totalSteps: 30 }) }), {
        ...silent,
        onStep: ({ step }) => {
          if (step % 10 !== 1) return;
          samples.push(
            training.sampleAdapter().then((adapter) => {
              expect(adapter.info).toMatchObject({ rank: 4, alpha: 8 });
              return model.logits(tokens, { adapters: [{ adapter, strength: 1 }] });
            }),
          );
        },
      });
      await training.done;
      const [early, middle, late] = (await Promise.all(samples)) as [Float32Array, Float32Array, Float32Array];
      expect(largestDifference(early, middle)).toBeGreaterThan(0);
      expect(largestDifference(middle, late)).toBeGreaterThan(0);
      expect((await errorOf(() => training.sampleAdapter())).code).toBe("training.ended");
      training.stop("discard");
    });
  });

  it("leaves room for generations on the same model meanwhile", async () => {
    const folder = await tempFolder();
    await withModel("bitnet-tq2_0", async (model) => {
      const prompt = reference("bitnet-tq2_0").tokens;
      const sampling = {
        temperature: 0,
        topK: 0,
        topP: 1,
        minP: 0,
        repetitionPenalty: 1,
        seed: 1,
        maxTokens: 10,
        stop: [],
      };
      const alone = await model.generate({ prompt, adapters: [], sampling }, () => {}).done;
      const training = model.train(trainRequest(folder, { recipe: recipe({ totalSteps: 10_000 }) }), silent);
      const beside = await model.generate({ prompt, adapters: [], sampling }, () => {}).done;
      expect(beside.tokens).toEqual(alone.tokens);
      training.stop("discard");
      await training.done;
    });
  });

  it("computes a batch in more parts with the same outcome, and refuses none", async () => {
    const losses = await Promise.all(
      [1, 2, 4, 6].map(async (accumulation) => {
        const folder = await tempFolder();
        const { steps, observer } = recorder();
        await withModel(
          "llama-q8_0",
          (model) =>
            model.train(
              trainRequest(folder, { recipe: recipe({ batchSize: 6, accumulation, totalSteps: 4 }) }),
              observer,
            ).done,
        );
        expect(steps.every(({ tokens }) => tokens === 6 * 16 || tokens === 2 * 16)).toBe(true);
        return steps.at(-1)?.loss as number;
      }),
    );
    for (const loss of losses) expect(loss).toBeCloseTo(losses[0] as number, 3);
  });

  it("tells what it will need before it starts", async () => {
    await withModel("bitnet-tq2_0", async (model) => {
      const small = model.forecast(recipe({ contextLength: 32 }));
      const large = model.forecast(recipe({ contextLength: 512 }));
      expect(small.trainableParameters).toBeGreaterThan(0);
      expect(large.peakBytes).toBeGreaterThan(small.peakBytes);
      const folder = await tempFolder();
      const { steps, observer } = recorder();
      await model.train(trainRequest(folder, { train: rows(8, 32) }), observer).done;
      const held = (steps[0] as NativeStep).memoryBytes;
      expect(small.peakBytes).toBeGreaterThan(held);
      // Beside what the run holds there are the process itself and some megabytes of scratch memory on each thread.
      expect(small.peakBytes).toBeLessThan(1.1 * held + 64 * 2 ** 20);
    });
  });

  it("says which rows were cut", async () => {
    const folder = await tempFolder();
    await withModel("bitnet-tq2_0", async (model) => {
      const { log, observer } = recorder();
      await model.train(trainRequest(folder, { recipe: recipe({ contextLength: 12, totalSteps: 1 }) }), observer).done;
      expect(log.join()).toContain("8 rows");
    });
  });

  it("is refused when there is nothing to learn, or the checkpoint belongs to another run", async () => {
    const folder = await tempFolder();
    await withModel("bitnet-tq2_0", async (model) => {
      const failure = (changes: Parameters<typeof trainRequest>[1]) =>
        errorOf(() => model.train(trainRequest(folder, changes), silent).done);
      expect((await failure({ train: rows(0) })).code).toBe("data.empty");
      const all = rows(2);
      expect((await failure({ train: { ...all, mask: new Uint8Array(all.mask.length) } })).code).toBe(
        "data.nothing-to-learn",
      );
      const wrong = { ...all, tokens: all.tokens.map(() => 1 << 20) };
      expect((await failure({ train: wrong })).code).toBe("data.token");
      expect((await failure({ resume: true })).code).toBe("file.missing");
      expect((await failure({ recipe: recipe({ rank: 100_000 }) })).code).toBe("recipe.value");

      await model.train(trainRequest(folder), silent).done;
      const other = await failure({ resume: true, recipe: recipe({ learningRate: 1 }) });
      expect(other.code).toBe("checkpoint.mismatch");
      expect(other.message).not.toBe("");
    });
  });

  it("goes on without checkpoints that cannot be written, to an adapter that can be", async () => {
    const folder = await tempFolder();
    await withModel("bitnet-tq2_0", async (model) => {
      const { steps, log, observer } = recorder();
      const request = trainRequest(folder, {
        recipe: recipe({ totalSteps: 4, checkpointEvery: 2 }),
        checkpointPath: `${folder}/missing/run.checkpoint`,
      });
      expect(await model.train(request, observer).done).toEqual({ end: "finished", step: 4 });
      expect(steps).toHaveLength(4);
      expect(log.filter((line) => line.startsWith("warning: no checkpoint"))).toHaveLength(3);
      expect(readdirSync(folder)).toEqual(["adapter.gguf"]);

      const nowhere = { ...request, adapterPath: `${folder}/missing/adapter.gguf` };
      expect((await errorOf(() => model.train(nowhere, observer).done)).code).toBe("file.missing");
      const { steps: few, observer: stopping } = recorder();
      const training: NativeTraining = model.train(request, {
        ...stopping,
        onStep: (step) => {
          few.push(step);
          training.stop("checkpoint");
        },
      });
      expect((await errorOf(() => training.done)).code).toBe("file.missing");
    });
    expect(readdirSync(folder)).toEqual(["adapter.gguf"]);
  });

  it("ends with what its observer throws, and keeps its state", async () => {
    const folder = await tempFolder();
    await withModel("bitnet-tq2_0", async (model) => {
      const failure = new Error("the observer is broken");
      const training = model.train(trainRequest(folder, { recipe: recipe({ totalSteps: 100_000 }) }), {
        ...silent,
        onStep: () => {
          throw failure;
        },
      });
      await expect(training.done).rejects.toBe(failure);
    });
    expect(existsSync(`${folder}/run.checkpoint`)).toBe(true);
  });
});
