import { mkdir } from "node:fs/promises";
import type { CommandContext } from "@main/cli/command";
import { bar, formatBytes } from "@main/cli/format";
import type { LocalServices } from "@main/cli/local-client";
import type { MergeRequest, MergeResult } from "@shared/models/merge";

const stages = { writing: "Writing", checking: "Comparing logits", finishing: "Finishing" };

/** Merges an adapter of the shelf into its base, with progress; Ctrl+C stops it and leaves nothing behind. */
export async function exportMerged(
  { client }: LocalServices,
  { output, interrupted }: CommandContext,
  request: MergeRequest,
): Promise<MergeResult> {
  await mkdir(request.folder, { recursive: true });
  let last = "";
  const leave = client.exports.merging(({ stage, done }) => {
    output.event("merging", { stage, done });
    output.live(`${stages[stage]} ${bar(done, 20)} ${Math.round(done * 100)} %`);
    if (!output.isTty && stage !== last) output.say(`${stages[stage]} …`);
    last = stage;
  });
  const stop = () => void client.exports.stopMerge({ adapterId: request.adapterId }).catch(() => undefined);
  interrupted.addEventListener("abort", stop, { once: true });
  try {
    const result = await client.exports.merge(request);
    for (const note of [...result.plan.notes, ...result.warnings]) output.say(note);
    return result;
  } finally {
    leave();
    interrupted.removeEventListener("abort", stop);
  }
}

export function mergedWords({ path, bytes, check: { merged, base } }: MergeResult): string {
  return (
    `${path} (${formatBytes(bytes)}; on ${merged.tokens} tokens the logits are ${merged.meanSquare.toPrecision(2)} away from base and ` +
    `adapter, the adapter changes them by ${base.meanSquare.toPrecision(2)}; same likeliest token at ` +
    `${(100 * merged.top1Agreement).toFixed(1)} %, divergence ${merged.divergence.toPrecision(2)})`
  );
}
