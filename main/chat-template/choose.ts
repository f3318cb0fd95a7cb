import { fallbackTemplates, plainTemplate } from "@main/chat-template/fallbacks";
import { ChatTemplate, type TemplateVariables } from "@main/chat-template/template";
import type { NativeModel } from "@shared/engine/addon";

export { ChatTemplate };

/** What the choice depends on. */
export type TemplateFacts = Pick<NativeModel, "info" | "specialTokens" | "tokenize">;

/** The file's own template, else one that its special tokens point to, else the bare texts with a warning. */
export function chooseTemplate(model: TemplateFacts): ChatTemplate {
  const variables = templateVariables(model);
  const own = model.info.chatTemplate;
  if (own !== null && own.trim() !== "") return new ChatTemplate(own, variables, "the model's own template");
  const fallback = fallbackTemplates.find(({ token }) => isSpecial(model, token));
  if (fallback) {
    return new ChatTemplate(
      fallback.source,
      variables,
      `${fallback.name}, because the model has no template but the token ${fallback.token}`,
      `The model file has no chat template; ${fallback.name} is used because its vocabulary has ${fallback.token}.`,
    );
  }
  return new ChatTemplate(
    plainTemplate,
    variables,
    "plain text, because the model has neither a template nor chat tokens",
    "The model file has no chat template and no chat tokens: messages are joined as plain text, one per line.",
  );
}

function templateVariables(model: Pick<NativeModel, "specialTokens">): TemplateVariables {
  const { texts } = model.specialTokens();
  return {
    bos_token: texts.bos ?? "",
    eos_token: texts.eos ?? "",
    unk_token: texts.unk ?? "",
    pad_token: texts.pad ?? "",
  };
}

/** A special token is one token when special tokens are read, and something else when they are not. */
function isSpecial(model: Pick<NativeModel, "tokenize">, text: string): boolean {
  const ids = (parseSpecial: boolean) => model.tokenize(text, { addSpecial: false, parseSpecial }).ids;
  const read = ids(true);
  return read.length === 1 && !(ids(false).length === 1 && ids(false)[0] === read[0]);
}
