import { bitDifference, floatsIn } from "@main/verify/numbers";
import type { Verification } from "@main/verify/verification";
import { z } from "zod";

const indexSchema = z.looseObject({ types: z.record(z.string(), z.looseObject({ note: z.string().optional() })) });

/** Block formats both ways, to the bit. A type whose recorded codes are not of the input is decoded only. */
export async function verifyQuants(verification: Verification): Promise<void> {
  const index = verification.json(indexSchema, "quants", "index.json");
  if (!index) return;
  const input = verification.file("quants", "input.f32");
  for (const [type, { note }] of Object.entries(index.types)) {
    const blocks = verification.file("quants", `${type}.bin`);
    const decoded = verification.file("quants", `${type}.dec.f32`);
    if (blocks && decoded) {
      await verification.check(`quants ${type}, decoded`, () => {
        const difference = bitDifference(
          verification.addon.decodeBlocks(type, new Uint8Array(blocks)),
          floatsIn(decoded),
        );
        verification.equal(`quants ${type}, decoded`, difference === null ? [] : [difference]);
      });
    }
    const encodes = blocks && input && !note?.includes("decode only") && decoded?.length === input.length;
    if (encodes) {
      await verification.check(`quants ${type}, encoded`, () => {
        const difference = bitDifference(verification.addon.encodeBlocks(type, floatsIn(input)), blocks);
        verification.equal(`quants ${type}, encoded`, difference === null ? [] : [difference]);
      });
    }
  }
}
