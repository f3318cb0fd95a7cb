import type { Verification } from "@main/verify/verification";
import { z } from "zod";

const casesSchema = z.record(
  z.string(),
  z.looseObject({
    model: z.string(),
    cases: z.array(
      z.looseObject({
        text: z.string(),
        add_special: z.boolean(),
        parse_special: z.boolean(),
        ids: z.array(z.int()),
        detok_hex: z.string(),
      }),
    ),
  }),
);

/** Token ids and the texts they stand for, one line for each case. */
export async function verifyTokenizers(verification: Verification): Promise<void> {
  const vocabularies = verification.json(casesSchema, "tokenizer_cases.json") ?? {};
  for (const [vocabulary, { model: file, cases }] of Object.entries(vocabularies)) {
    for (const [index, one] of cases.entries()) {
      const name = `tokenizer ${vocabulary} ${index} ${JSON.stringify(one.text.slice(0, 40))}`;
      await verification.check(name, async () => {
        const model = await verification.model(file);
        const { ids } = model.tokenize(one.text, { addSpecial: one.add_special, parseSpecial: one.parse_special });
        const plain = model.decode(Int32Array.from(one.ids), { showSpecial: true });
        const text = model.specialTokens().cleansSpacesElsewhere ? withoutSomeSpaces(plain) : plain;
        const recorded = Buffer.from(one.detok_hex, "hex").toString("utf8");
        verification.equal(name, [
          ...([...ids].join() === one.ids.join() ? [] : [`tokens ${[...ids].join()} instead of ${one.ids.join()}`]),
          ...(text === recorded ? [] : [`text ${JSON.stringify(text)} instead of ${JSON.stringify(recorded)}`]),
        ]);
      });
    }
  }
}

/** What the recording engine does to shown text of some vocabularies; Hone keeps the spaces. */
function withoutSomeSpaces(text: string): string {
  let cleaned = text;
  for (const mark of ["?", "!", ".", ","]) cleaned = cleaned.replaceAll(` ${mark}`, mark);
  cleaned = cleaned.replaceAll(" ' ", "'");
  for (const ending of ["'s", "'m", "'re", "'ve"]) cleaned = cleaned.replaceAll(` ${ending}`, ending);
  return cleaned;
}
