import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { EngineClient } from "@main/engine/client";
import type { ModelRef } from "@shared/engine/protocol";
import { HoneError } from "@shared/errors";
import type { ImportCheck } from "@shared/models/adapter";
import type { ModelInfo } from "@shared/models/model";

/** Tokens of the comparison; any do, and these need no tokenizer. */
const checkedTokens = 48;

/** Share of the spread of the logits. The numbers are the same to the bit; only folded factors may round. */
const tolerance = 1e-4;

export interface ImportCheckOptions {
  readonly engine: EngineClient;
  readonly model: ModelRef;
  readonly info: ModelInfo;
  /** The adapter as it will be used. */
  readonly written: string;
  /** It was converted from a folder: it is then converted back, read anew, and must act as it did. */
  readonly converted: boolean;
}

/** Runs the model with the imported adapter before it is kept. Throws "adapter.check". */
export async function checkImport(options: ImportCheckOptions): Promise<ImportCheck> {
  const { engine, model, info, written, converted } = options;
  const tokens = Array.from(
    { length: Math.min(checkedTokens, info.contextLength) },
    (_, index) => (7 * index + 3) % info.vocabularySize,
  );
  const compare = (left: string | null, right: string) =>
    engine.adapters.compare({
      tokens,
      left: { model, adapter: left },
      right: { model, adapter: right },
      activations: "exact",
    });
  const effect = await compare(null, written);
  if (!Number.isFinite(effect.maxDifference)) {
    throw new HoneError(
      "adapter.check",
      "With this adapter the model answers numbers that are none.",
      "The adapter is damaged, or its factor is far too large.",
    );
  }
  const roundTrip = converted ? await acrossAndBack(options, (again) => compare(written, again)) : null;
  if (roundTrip && !(roundTrip.maxDifference <= tolerance * roundTrip.logitSpread)) {
    throw new HoneError(
      "adapter.check",
      `The converted adapter does not act like the folder: a logit differs by ${roundTrip.maxDifference}.`,
      "Please report this with the adapter's adapter_config.json.",
    );
  }
  return { effect, roundTrip };
}

/** The adapter as a folder again, and that folder as an adapter. */
async function acrossAndBack<T>(
  { engine, model, info, written }: ImportCheckOptions,
  look: (again: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "hone-import-"));
  try {
    const again = join(folder, "again.gguf");
    await engine.adapters.exportPeft({ model, source: written, folder, baseName: info.name });
    await engine.adapters.importFolder({ model, folder, target: again, name: basename(written) });
    return await look(again);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What the person should know of the result; empty when all is as expected. */
export function importNotices({ effect }: ImportCheck): string[] {
  if (effect.maxDifference > 0) return [];
  return ["The adapter changes nothing: the model answers with the very same numbers without it."];
}
