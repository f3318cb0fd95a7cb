import type { ChatTemplate, RenderOptions, TemplateMessage, TextSpan } from "@main/chat-template/template";
import { HoneError, toErrorData } from "@shared/errors";

/** One training example: a rendering and what of it the assistant wrote. */
export interface SpannedText {
  readonly text: string;
  readonly spans: readonly TextSpan[];
}

export interface AssistantTexts {
  readonly method: "generation-tags" | "prefixes" | "turn-by-turn";
  /** One for the conversation, or one for each answer where the template shows later turns an altered history. */
  readonly examples: readonly SpannedText[];
  /** The generation prompt holds think tags that the stored answer lacks; the span begins before them. */
  readonly skippedThinkPrompt: boolean;
}

type Extras = RenderOptions["extras"];

/**
 * Finds what the assistant writes in the rendering of a conversation: by the template's own generation tags, else by comparing
 * renderings of its beginnings. Throws "row.*" where neither settles it; nothing is guessed.
 */
export function assistantTexts(
  template: ChatTemplate,
  messages: readonly TemplateMessage[],
  extras?: Extras,
): AssistantTexts {
  const answers = messages.flatMap(({ role }, index) => (role === "assistant" ? [index] : []));
  if (answers.length === 0) {
    throw new HoneError("row.no-answer", "The conversation has no assistant message, so there is nothing to learn.");
  }
  return byTags(template, messages, answers, extras) ?? textsByPrefixes(template, messages, extras);
}

function byTags(
  template: ChatTemplate,
  messages: readonly TemplateMessage[],
  answers: readonly number[],
  extras: Extras,
): AssistantTexts | null {
  const marked = template.renderMarked(messages, extras);
  // Empty blocks come from templates that wrap every message. A count that differs leaves the choice to the other method.
  if (!marked) return null;
  const spans = marked.spans.filter(({ begin, end }) => end > begin);
  if (
    spans.length !== answers.length ||
    marked.text !== template.render(messages, { addGenerationPrompt: false, ...withExtras(extras) })
  ) {
    return null;
  }
  return { method: "generation-tags", examples: [{ text: marked.text, spans }], skippedThinkPrompt: false };
}

/** Each answer's own beginning and end, in the rendering of the conversation up to that answer. */
interface Turn extends TextSpan {
  readonly text: string;
  readonly skippedThink: boolean;
}

/** The second of the two ways alone: by comparing renderings of the conversation's beginnings. */
export function textsByPrefixes(
  template: ChatTemplate,
  messages: readonly TemplateMessage[],
  extras?: Extras,
): AssistantTexts {
  const answers = messages.flatMap(({ role }, index) => (role === "assistant" ? [index] : []));
  const whole = template.render(messages, { addGenerationPrompt: false, ...withExtras(extras) });
  const turns = answers.map((index) => turnAt(template, messages, index, extras));
  const skippedThinkPrompt = turns.some(({ skippedThink }) => skippedThink);
  if (turns.every(({ text }) => whole.startsWith(text))) {
    return {
      method: "prefixes",
      examples: [{ text: whole, spans: turns.map(({ begin, end }) => ({ begin, end })) }],
      skippedThinkPrompt,
    };
  }
  // The template shows earlier answers differently once the conversation goes on (it drops their thoughts, for example).
  return {
    method: "turn-by-turn",
    examples: turns.map(({ text, begin, end }) => ({ text, spans: [{ begin, end }] })),
    skippedThinkPrompt,
  };
}

function turnAt(template: ChatTemplate, messages: readonly TemplateMessage[], index: number, extras: Extras): Turn {
  const prompt = renderPrompt(template, messages.slice(0, index), extras);
  const text = template.render(messages.slice(0, index + 1), { addGenerationPrompt: false, ...withExtras(extras) });
  const begin = text.startsWith(prompt) ? prompt.length : withoutThinkPrompt(prompt, text);
  if (begin === null) {
    throw new HoneError(
      "row.template",
      `The chat template's prompt for message ${index + 1} is not the beginning of that message, so the answer cannot be told from the question.`,
      "Use a model with another chat template, or one whose template marks what the assistant writes.",
    );
  }
  if (begin === text.length) {
    throw new HoneError(
      "row.empty-answer",
      `The chat template renders assistant message ${index + 1} as nothing.`,
      "Fill the answer or remove the row.",
    );
  }
  return { text, begin, end: text.length, skippedThink: !text.startsWith(prompt) };
}

function renderPrompt(template: ChatTemplate, messages: readonly TemplateMessage[], extras: Extras): string {
  try {
    return template.render(messages, { addGenerationPrompt: true, ...withExtras(extras) });
  } catch (error) {
    const { message } = toErrorData(error);
    throw new HoneError("row.template", message, "", undefined, error);
  }
}

const thinkTags = /^(?:\s|<\/?think>)*$/;

/** Where the answer begins when the prompt ends with think tags that the answer lacks; null when the difference is another. */
function withoutThinkPrompt(prompt: string, text: string): number | null {
  let common = 0;
  while (common < prompt.length && common < text.length && prompt[common] === text[common]) common += 1;
  // An answer may begin like the tag: "<th" of "<think>" is not common ground.
  const tagBegin = prompt.lastIndexOf("<", common - 1);
  for (const begin of [common, ...(tagBegin >= 0 ? [tagBegin] : [])]) {
    if (thinkTags.test(prompt.slice(begin))) return begin;
  }
  return null;
}

function withExtras(extras: Extras): { extras?: Extras } {
  return extras ? { extras } : {};
}
