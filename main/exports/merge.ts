import { mkdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { StoredAdapter } from "@main/adapters/store";
import type { DatasetLibrary } from "@main/datasets/library";
import type { EngineClient } from "@main/engine/client";
import { checkTexts } from "@main/exports/check";
import { withFileErrors } from "@main/storage/file-error";
import { syncFolder, temporaryName } from "@main/storage/files";
import { newId } from "@main/storage/id";
import type { ModelRef } from "@shared/engine/protocol";
import { HoneError } from "@shared/errors";
import {
  type MergeCheck,
  type MergeEmbedding,
  type MergePlan,
  type MergeProgress,
  type MergeType,
  ternaryMergeTypes,
} from "@shared/models/merge";
import type { ModelInfo } from "@shared/models/model";

export interface MergeOrder {
  readonly engine: EngineClient;
  readonly datasets: DatasetLibrary;
  readonly model: ModelRef;
  readonly base: { readonly info: ModelInfo; readonly digest: string };
  readonly adapter: StoredAdapter;
  /** 1 is as trained. */
  readonly strength: number;
  readonly type: MergeType;
  readonly embedding: MergeEmbedding;
  /** Must not exist; appears when it is whole and its logits were compared. */
  readonly target: string;
  /** A folder for what is not whole yet, made here and gone afterwards; left out, one beside the target. */
  readonly scratch?: string;
  readonly onProgress?: (progress: Omit<MergeProgress, "adapterId">) => void;
  /** Aborted: rejects with "merge.stopped" and leaves nothing behind. */
  readonly signal?: AbortSignal;
}

export interface Merged {
  readonly plan: MergePlan;
  readonly check: MergeCheck;
  /** In words: what the person should know before giving the file away. */
  readonly warnings: readonly string[];
}

/**
 * Largest mean square of a written file's differences where the type itself loses next to nothing: more means that the file is not
 * what was meant. Measured on all fixtures (random weights, an adapter of their own size): F32 7e-12, F16 3e-6, BF16 2e-4, Q8_0 2e-3.
 */
const tolerances: Partial<Record<MergeType, number>> = { f32: 1e-6, f16: 1e-4, bf16: 2e-3, q8_0: 1e-2 };

/**
 * Writes an adapter's base with the adapter merged in, as one model file. The file is opened again and its logits are compared with
 * those of base and adapter before it gets its name.
 *
 * Throws "merge.ternary" for ternary types, with the measured error; "export.check" where an exact type misses its limit; "disk.full"
 * before the first byte; whatever the engine finds wrong with base or adapter.
 */
export async function writeMerged(order: MergeOrder): Promise<Merged> {
  const { target, signal } = order;
  // A folder, so that what a killed engine leaves half-written goes with it.
  const scratch = order.scratch ?? temporaryName(target);
  await withFileErrors("make a folder for", target, () => mkdir(scratch));
  const temporary = join(scratch, "model.gguf");
  try {
    const { plan, check } = await mergeInto(temporary, order);
    const warnings = judge(order, check);
    signal?.throwIfAborted();
    order.onProgress?.({ stage: "finishing", done: 0 });
    await withFileErrors("write", target, () => rename(temporary, target));
    await syncFolder(dirname(target));
    return { plan, check, warnings };
  } catch (error) {
    throw error === signal?.reason ? stopped() : error;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function mergeInto(target: string, order: MergeOrder): Promise<{ plan: MergePlan; check: MergeCheck }> {
  const { engine, datasets, model, base, adapter, strength, type, embedding, onProgress, signal } = order;
  const { tokens } = await checkTexts({ engine, datasets, model, contextLength: base.info.contextLength, adapter });
  const mergeId = newId();
  const stop = () => void engine.merge.stop({ mergeId }).catch(() => undefined);
  const leave = engine.merge.progress((news) => {
    if (news.mergeId === mergeId) onProgress?.({ stage: news.stage, done: news.done });
  });
  signal?.throwIfAborted();
  signal?.addEventListener("abort", stop);
  try {
    return await engine.merge.write({
      mergeId,
      model,
      adapters: [{ path: adapter.path, strength }],
      type,
      embedding,
      target,
      checkTokens: tokens,
      metadata: {
        "general.name": adapter.name,
        "general.base_model.0.name": base.info.name,
        "hone.base.sha256": base.digest,
        "hone.adapter.sha256": adapter.digest,
        ...(adapter.datasetDigest === null ? {} : { "hone.dataset.sha256": adapter.datasetDigest }),
      },
    });
  } finally {
    leave();
    signal?.removeEventListener("abort", stop);
  }
}

/** Warnings, or an error where the file must not be kept. */
function judge({ type, base }: MergeOrder, { merged, base: unchanged }: MergeCheck): string[] {
  const error = merged.meanSquare.toPrecision(2);
  const effect = unchanged.meanSquare.toPrecision(2);
  if ((ternaryMergeTypes as readonly string[]).includes(type)) {
    throw new HoneError(
      "merge.ternary",
      `Merged into ${type.toUpperCase()}, the logits are ${error} away from base and adapter (normalised mean square). ` +
        `The adapter itself changes them by ${effect}${
          merged.meanSquare >= unchanged.meanSquare ? ", so the base without it would be closer" : ""
        }. Weights rounded to −1, 0 and +1 cannot hold what an adapter learns.`,
      "Merge into Q8_0, or keep the adapter as a separate file.",
      { type, error: merged.meanSquare, effect: unchanged.meanSquare, offer: ["q8_0", "adapter"] },
    );
  }
  const limit = tolerances[type] ?? Number.POSITIVE_INFINITY;
  if (!Number.isFinite(merged.meanSquare) || merged.meanSquare > limit) {
    throw new HoneError(
      "export.check",
      `The merged model does not behave like base and adapter: the logits are ${error} away (normalised mean square), the limit for ` +
        `${type.toUpperCase()} is ${limit}.`,
      type === "f32" ? "The disk may be failing; try another folder." : "Merge into F32, or keep the adapter separate.",
    );
  }
  const warnings: string[] = [];
  if (unchanged.meanSquare > 0 && merged.meanSquare >= unchanged.meanSquare / 2) {
    warnings.push(
      `${type.toUpperCase()} loses ${merged.meanSquare >= unchanged.meanSquare ? "more than" : "much of"} what the adapter changed: ` +
        `the logits are ${error} away from base and adapter, the base without it is ${effect} away. Q8_0 keeps more.`,
    );
  }
  if (base.info.activation.kind === "relu2") {
    warnings.push(
      "The base was trained with squared ReLU. The file says so (hidden_activation), but engines that do not read that key run it with SiLU and answer nonsense.",
    );
  }
  return warnings;
}

function stopped(): HoneError {
  return new HoneError("merge.stopped", "The merge was stopped; nothing was kept.");
}
