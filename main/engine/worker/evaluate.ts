import { breather } from "@main/engine/worker/breathe";
import { cutProblem, EncodingNotes, encodeConversation } from "@main/engine/worker/encode";
import type { OpenModels } from "@main/engine/worker/models";
import { endToEnd } from "@main/engine/worker/rows-file";
import type { EngineContract } from "@shared/engine/protocol";
import type { Handlers } from "@shared/ipc/define";

export function evaluateHandlers(models: OpenModels): Handlers<EngineContract>["evaluate"] {
  return {
    loss: ({ model, conversations, contextLength, learnAll, adapters }) =>
      models.use(model, async (open) => {
        const notes = new EncodingNotes();
        const breathe = breather();
        const tokens: Int32Array[] = [];
        const masks: Uint8Array[] = [];
        for (const conversation of conversations) {
          for (const example of encodeConversation(open, conversation, learnAll, notes)) {
            if (cutProblem(example, contextLength)) continue;
            tokens.push(example.tokens.ids.slice(0, contextLength));
            masks.push(example.mask.slice(0, contextLength));
          }
          await breathe();
        }
        const active = await Promise.all(
          adapters.map(async ({ path, strength }) => ({ adapter: await open.adapter(path), strength })),
        );
        const { loss, targets } = await open.native.evaluate(endToEnd(tokens, masks), { adapters: active });
        return { loss, tokens: targets };
      }),
  };
}
