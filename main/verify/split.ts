import { readdirSync } from "node:fs";
import { logitEntries, logitsOf } from "@main/verify/logits";
import { bitDifference } from "@main/verify/numbers";
import { Absent, type Verification } from "@main/verify/verification";

/** Models in shards give the very logits of the whole file. */
export async function verifySplit(verification: Verification): Promise<void> {
  if (!verification.file("logits.json")) return;
  const entries = logitEntries(verification);
  for (const shard of filesIn(verification.path("split"))) {
    const [, name] = /^(.+)-00001-of-\d{5}\.gguf$/.exec(shard) ?? [];
    if (name === undefined) continue;
    await verification.check(`split ${name}`, async () => {
      const entry = Object.values(entries).find(
        ({ model, adapters }) => model === `${name}.gguf` && adapters.length === 0,
      );
      if (!entry) throw new Absent(`logits.json has no entry of ${name}.gguf`);
      const parts = await logitsOf(verification, { ...entry, model: `split/${shard}` }, "exact");
      const difference = bitDifference(parts, await logitsOf(verification, entry, "exact"));
      verification.equal(`split ${name}`, difference === null ? [] : [difference]);
    });
  }
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}
