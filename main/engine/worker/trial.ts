import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { NativeModel, NativeRecipe, NativeRows, NativeStep } from "@shared/engine/addon";

/** Trains an adapter that is thrown away, until `enough` says so after a step. Returns what the steps were. */
export async function trialTraining(
  native: NativeModel,
  recipe: NativeRecipe,
  rows: NativeRows,
  enough: (steps: readonly NativeStep[]) => boolean,
): Promise<readonly NativeStep[]> {
  const folder = await mkdtemp(join(tmpdir(), "hone-trial-"));
  try {
    const taken: NativeStep[] = [];
    const training = native.train(
      {
        recipe: { ...recipe, validateEvery: 0, checkpointEvery: 0 },
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
          if (enough(taken)) training.stop("discard");
        },
        onValidation: () => undefined,
        onLog: () => undefined,
      },
    );
    await training.done;
    return taken;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** `count` rows of `length` tokens, the same ones each time; all but the first of a row are learned. */
export function randomRows(count: number, length: number, vocabularySize: number): NativeRows {
  let state = 12345;
  // Any spread of ids does; a small generator keeps trials alike.
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
