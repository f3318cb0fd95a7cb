import { ChatTemplate } from "@main/chat-template/template";
import { HoneError } from "@shared/errors";
import { describe, expect, it } from "vitest";
import { damaged, damageSeeds } from "../../support/damage";
import { cases, templates } from "./fixtures";

const messages = cases[0]?.messages ?? [];
const variables = { bos_token: "<s>", eos_token: "</s>", unk_token: "", pad_token: "" };

describe("a damaged chat template renders or is refused with words", () => {
  const all = Object.entries(templates);
  it.each(all)("%s", { timeout: 3_600_000 }, (_, source) => {
    for (const seed of damageSeeds(150, all.length)) {
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
