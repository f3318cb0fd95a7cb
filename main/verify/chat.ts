import { textsByPrefixes } from "@main/chat-template/assistant-spans";
import { chooseTemplate } from "@main/chat-template/choose";
import { ChatTemplate, type TemplateMessage, type TextSpan } from "@main/chat-template/template";
import { byteSpans, tokenMask } from "@main/chat-template/token-mask";
import type { Verification } from "@main/verify/verification";
import type { NativeModel, TokenizedText } from "@shared/engine/addon";
import { toErrorData } from "@shared/errors";
import { z } from "zod";

const spans = z.array(z.tuple([z.int(), z.int()])).nullish();
const mask = z.array(z.int()).nullish();
const fileSchema = z.looseObject({
  templates: z.record(z.string(), z.string()),
  cases: z.array(
    z.looseObject({
      template: z.string(),
      vocabulary: z.string(),
      messages: z.array(z.looseObject({ role: z.string() })),
      options: z.record(z.string(), z.unknown()).default({}),
      error: z.string().nullish(),
      text: z.string().nullish(),
      ids: z.array(z.int()).nullish(),
      tag_spans: spans,
      tag_mask: mask,
      diff_spans: spans,
      diff_problem: z.string().nullish(),
      diff_mask: mask,
    }),
  ),
});
type ChatCase = z.infer<typeof fileSchema>["cases"][number];

/** Renderings, assistant spans by tags and by prefixes, tokens and masks: one line for each case. */
export async function verifyChat(verification: Verification): Promise<void> {
  const file = verification.jsonWithFloats(fileSchema, "chat_cases.json");
  for (const [index, one] of file?.cases.entries() ?? []) {
    const name = `chat ${index} ${one.template}`;
    await verification.check(name, async () => {
      const model = await verification.model(one.vocabulary);
      const source = file?.templates[one.template];
      if (source === undefined) throw new Error(`there is no template "${one.template}"`);
      verification.equal(name, differences(model, source, one));
    });
  }
}

function differences(model: NativeModel, source: string, one: ChatCase): string[] {
  const messages = one.messages as unknown as TemplateMessage[];
  let template: ChatTemplate;
  let text: string;
  try {
    template = new ChatTemplate(source, chooseTemplate(model).variables);
    text = template.render(messages, { addGenerationPrompt: false, extras: one.options });
  } catch (error) {
    const { message } = toErrorData(error);
    if (one.error === null || one.error === undefined) return [`fails: ${message}`];
    // Words of the template's own must come through; those of another Jinja need not be the same.
    return source.includes(one.error) && !message.includes(one.error)
      ? [`says "${message}" instead of "${one.error}"`]
      : [];
  }
  if (typeof one.error === "string") return [`renders, but must fail with "${one.error}"`];
  if (text !== one.text) return [`renders ${JSON.stringify(text)} instead of ${JSON.stringify(one.text)}`];
  const tokens = model.tokenize(text, { addSpecial: false, parseSpecial: true });
  const found: string[] = [];
  const compare = (what: string, ours: unknown, recorded: unknown) => {
    const [left, right] = [JSON.stringify(ours), JSON.stringify(recorded ?? null)];
    if (left !== right) found.push(`${what} ${left} instead of ${right}`);
  };
  compare("tokens", [...tokens.ids], one.ids);

  const marked = template.renderMarked(messages, one.options);
  // Nothing is recorded where whoever recorded did not look for tags.
  if (one.tag_spans) compare("spans of tags", marked && pairs(byteSpans(marked.text, marked.spans)), one.tag_spans);
  if (marked && marked.text !== text) found.push("tags change the rendering");
  if (marked && one.tag_mask) compare("mask of tags", maskOf(tokens, marked, "tags", new Set()), one.tag_mask);

  const endOfGeneration = new Set(model.specialTokens().endOfGeneration);
  try {
    const { method, examples, skippedThinkPrompt } = textsByPrefixes(template, messages, one.options);
    const told = method === "turn-by-turn" || skippedThinkPrompt;
    const [example] = examples;
    if (one.diff_spans === null || one.diff_spans === undefined) {
      if (!told) found.push(`spans are found, but must not be: ${one.diff_problem}`);
    } else if (told) {
      found.push("the spans are called doubtful");
    } else {
      const spanned = example ?? { text, spans: [] };
      const ours = byteSpans(text, spanned.spans).map((span) => cutBehindEnd(tokens, span, endOfGeneration));
      compare("spans of prefixes", pairs(ours), one.diff_spans);
      compare("mask of prefixes", maskOf(tokens, spanned, "prefixes", endOfGeneration), one.diff_mask);
    }
  } catch (error) {
    // A refusal with its reason is what an unclear case shall give.
    if (one.diff_spans) found.push(`no spans of prefixes: ${toErrorData(error).message}`);
  }
  return found;
}

const pairs = (list: readonly TextSpan[]) => list.map(({ begin, end }) => [begin, end]);

function maskOf(
  tokens: TokenizedText,
  example: { readonly text: string; readonly spans: readonly TextSpan[] },
  method: "tags" | "prefixes",
  endOfGeneration: ReadonlySet<number>,
): number[] {
  return [...tokenMask(tokens, example, { endOfGeneration, method })];
}

/** The recorded spans end with the last end token inside; white space behind it is cut off. */
function cutBehindEnd(tokens: TokenizedText, { begin, end }: TextSpan, endOfGeneration: ReadonlySet<number>): TextSpan {
  const last = tokens.ids.findLastIndex((id, index) => {
    const at = tokens.end[index] ?? 0;
    return endOfGeneration.has(id) && at > begin && at <= end;
  });
  return { begin, end: last < 0 ? end : (tokens.end[last] ?? end) };
}
