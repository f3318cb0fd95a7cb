import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { settleRecipe } from "@main/engine/settle-recipe";
import type { OpenModels } from "@main/engine/worker/models";
import type { NativeRows, NativeStep } from "@shared/engine/addon";
import type { EngineContract } from "@shared/engine/protocol";
import type { Handlers } from "@shared/ipc/define";

type ProbeInput = Parameters<Handlers<EngineContract>["train"]["probe"]>[0];

/** More steps than any probe takes; it is stopped by time. */
const steps = 1_000;

/** Trains on random tokens for about so many seconds and throws the result away. The first step warms up and is not counted. */
export async function probeSpeed(
  models: OpenModels,
  { model: ref, recipe, rowTokens, seconds }: ProbeInput,
): Promise<{ tokensPerSecond: number }> {
  const folder = await mkdtemp(join(tmpdir(), "hone-probe-"));
  try {
    return await models.use(ref, async ({ native }) => {
      const length = Math.max(8, Math.min(rowTokens, recipe.contextLength));
      // One part of a batch is as fast per token as all of them.
      const batchSize = Math.ceil(recipe.batchSize / Math.min(recipe.accumulation, recipe.batchSize));
      const rows = randomRows(batchSize, length, native.info.vocabularySize);
      const taken: NativeStep[] = [];
      const deadline = performance.now() + 1000 * seconds;
      const training = native.train(
        {
          recipe: {
            ...settleRecipe({ ...recipe, batchSize, accumulation: 1 }, steps),
            validateEvery: 0,
            checkpointEvery: 0,
          },
          train: rows,
          validation: { tokens: new Int32Array(0), mask: new Uint8Array(0), offsets: new Int32Array(1) },
          checkpointPath: join(folder, "checkpoint.gguf"),
          resume: false,
          adapterPath: join(folder, "adapter.gguf"),
          metadata: {},
        },
        {
          onStep: (step) => {
            taken.push(step);
            if (taken.length > 1 && performance.now() >= deadline) training.stop("discard");
          },
          onValidation: () => undefined,
          onLog: () => undefined,
        },
      );
      await training.done;
      const counted = taken.length > 1 ? taken.slice(1) : taken;
      const sum = (of: (step: NativeStep) => number) => counted.reduce((total, step) => total + of(step), 0);
      const time = sum((step) => step.seconds);
      return { tokensPerSecond: time > 0 ? sum((step) => step.tokens) / time : 0 };
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function randomRows(count: number, length: number, vocabularySize: number): NativeRows {
  let state = 12345;
  // Any spread of ids does; a small generator keeps probes alike.
  const next = () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return state % vocabularySize;
  };
  return {
    tokens: Int32Array.from({ length: count * length }, next),
    mask: new Uint8Array(count * length).fill(1).map((_, index) => (index % length === 0 ? 0 : 1)),
    offsets: Int32Array.from({ length: count + 1 }, (_, index) => index * length),
  };
}
