import type { OpenModels } from "@main/engine/worker/models";
import type { Addon } from "@shared/engine/addon";
import type { EngineContract } from "@shared/engine/protocol";
import type { Handlers } from "@shared/ipc/define";

export function modelHandlers(addon: Addon, models: OpenModels): Handlers<EngineContract>["models"] {
  return {
    split: async ({ source, stem, partBytes }) => ({ paths: await addon.splitModel(source, stem, partBytes) }),
    prompts: ({ model, conversations }) =>
      models.use(model, (open) => {
        const template = open.template();
        return {
          texts: conversations.map((messages) => template.render(messages, { addGenerationPrompt: true })),
          bos: template.variables.bos_token,
        };
      }),
  };
}
