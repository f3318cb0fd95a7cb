import type { OpenModel } from "@main/engine/worker/models";
import type { NativeModel, TokenizedText } from "@shared/engine/addon";
import type { ChatMessage } from "@shared/models/dataset";

/**
 * Tokens of a rendered conversation. The beginning token is added by the tokenizer unless the template has already written it.
 */
export function tokenizeRendered(native: NativeModel, bosText: string, text: string): TokenizedText {
  const written = bosText !== "" && text.startsWith(bosText);
  return native.tokenize(text, { addSpecial: !written, parseSpecial: true });
}

/** The conversation so far, up to where the assistant begins to speak. */
export function promptTokens(model: OpenModel, messages: readonly ChatMessage[]): Int32Array {
  const template = model.template();
  const text = template.render(messages, { addGenerationPrompt: true });
  const { ids } = tokenizeRendered(model.native, template.variables.bos_token, text);
  return withoutAddedEnd(model.native, template.variables.eos_token, text, ids);
}

/** A vocabulary may ask for an end token behind every text; a prompt is not at its end unless the template wrote one there. */
function withoutAddedEnd(native: NativeModel, eosText: string, text: string, ids: Int32Array): Int32Array {
  const { eos } = native.specialTokens();
  const written = eosText !== "" && text.trimEnd().endsWith(eosText);
  return eos !== null && !written && ids.length > 1 && ids.at(-1) === eos ? ids.subarray(0, -1) : ids;
}
