import { relativeError } from "@main/verify/numbers";
import type { Verification } from "@main/verify/verification";
import type { NativeTensor } from "@shared/engine/addon";
import { z } from "zod";

const runSchema = z.looseObject({
  model: z.string(),
  adapter: z.string(),
  mode: z.enum(["exact", "bitlinear"]),
  tokens: z.array(z.int()).optional(),
  target_mask: z.array(z.int()).optional(),
  loss: z.number().optional(),
  global_grad_norm: z.number().optional(),
  losses_before_each_step_and_after: z.array(z.number()).optional(),
});
type Run = z.infer<typeof runSchema>;

const fileSchema = z.looseObject({
  adamw: z.looseObject({
    lr: z.number(),
    beta1: z.number(),
    beta2: z.number(),
    eps: z.number(),
    weight_decay: z.number(),
    steps: z.int(),
  }),
  runs: z.record(z.string(), runSchema),
});

const limit = 1e-3;
/** One int8 code that falls to the other side of a tie moves every gradient behind it by a few thousandths. */
const roundedLimit = 1e-2;

/** Gradients, and adapters after optimiser steps, of every run of gradients.json. */
export async function verifyGradients(verification: Verification): Promise<void> {
  const file = verification.json(fileSchema, "gradients.json");
  if (!file) return;
  for (const [name, run] of Object.entries(file.runs)) {
    await verification.check(name, async () => {
      const { tokens, target_mask } = withSequence(run, file.runs);
      const model = await verification.model(run.model);
      const adapter = await model.openAdapter(verification.path(run.adapter));
      const expected = await verification.addon.readTensors(verification.path(`${name}.gguf`));
      const request = {
        tokens: Int32Array.from(tokens),
        // The file's mask is about targets 1 … n−1.
        mask: Uint8Array.from([0, ...target_mask]),
        adapter,
        activations: run.mode === "exact" ? ("exact" as const) : ("rounded" as const),
      };
      const losses = run.losses_before_each_step_and_after;
      if (losses) {
        const { lr, beta1, beta2, eps, weight_decay, steps } = file.adamw;
        const optimiser = { steps, learningRate: lr, beta1, beta2, epsilon: eps, weightDecay: weight_decay };
        const found = await model.steps({ ...request, optimiser });
        verification.measure(`${name}, worst tensor`, worst(found.tensors, expected), limit);
        const error = Math.max(
          ...losses.map((loss, i) => Math.abs((found.losses[i] ?? Number.NaN) - loss) / (1 + loss)),
        );
        verification.measure(`${name}, losses`, error, limit);
      } else {
        const found = await model.gradients(request);
        const worstLimit = run.mode === "exact" ? limit : roundedLimit;
        verification.measure(`${name}, worst tensor`, worst(found.tensors, expected), worstLimit);
        if (run.loss !== undefined)
          verification.measure(`${name}, loss`, Math.abs(found.loss - run.loss) / (1 + run.loss), limit);
        if (run.global_grad_norm !== undefined)
          verification.measure(`${name}, norm`, Math.abs(found.norm / run.global_grad_norm - 1), limit);
      }
      adapter.close();
    });
  }
}

/** Steps are recorded without their sequence: it is that of the gradient run of the same model, adapter and mode. */
function withSequence(
  run: Run,
  runs: Record<string, Run>,
): { tokens: readonly number[]; target_mask: readonly number[] } {
  const source = [run, ...Object.values(runs)].find(
    ({ model, adapter, mode, tokens, target_mask }) =>
      tokens && target_mask && model === run.model && adapter === run.adapter && mode === run.mode,
  );
  if (!source?.tokens || !source.target_mask) throw new Error("the run has no tokens and masks");
  return { tokens: source.tokens, target_mask: source.target_mask };
}

function worst(found: readonly NativeTensor[], expected: readonly NativeTensor[]): number {
  const values = new Map(found.map((tensor) => [tensor.name, tensor.values]));
  const nothing = new Float32Array(0);
  return Math.max(...expected.map((tensor) => relativeError(values.get(tensor.name) ?? nothing, tensor.values)));
}
