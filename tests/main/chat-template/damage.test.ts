import { ChatTemplate } from "@main/chat-template/template";
import { HoneError } from "@shared/errors";
import { describe, expect, it } from "vitest";
import { damaged } from "../../support/damage";
import { cases, templates } from "./fixtures";

/** Longer runs by hand: HONE_DAMAGE_ROUNDS=100000. */
const rounds = Number(process.env.HONE_DAMAGE_ROUNDS ?? 750) / 5;

const messages = cases[0]?.messages ?? [];
const variables = { bos_token: "<s>", eos_token: "</s>", unk_token: "", pad_token: "" };

describe("a damaged chat template renders or is refused with words", () => {
  it.each(Object.entries(templates))("%s", { timeout: 900_000 }, (_, source) => {
    for (let seed = 0; seed < rounds; seed += 1) {
      const text = Buffer.from(damaged(Buffer.from(source), seed)).toString();
      try {
        const template = new ChatTemplate(text, variables);
        template.render(messages, { addGenerationPrompt: true });
        template.renderMarked(messages);
      } catch (error) {
        if (!(error instanceof HoneError)) throw new Error(`seed ${seed}: ${error}`, { cause: error });
        expect(error.code, `seed ${seed}`).toMatch(/^template\./);
        expect(error.message.length, `seed ${seed}`).toBeLessThan(2_000);
      }
    }
  });
});
