import { assistantTexts, type SpannedText } from "@main/chat-template/assistant-spans";
import { tokenMask } from "@main/chat-template/token-mask";
import type { OpenModel } from "@main/engine/worker/models";
import { tokenizeRendered } from "@main/engine/worker/prompt";
import type { NativeModel, TokenizedText } from "@shared/engine/addon";
import { toErrorData } from "@shared/errors";
import type { Conversation, RowProblem } from "@shared/models/dataset";

/** One example for training: a conversation gives one, or one for each answer (see `AssistantTexts`). Not cut. */
export interface EncodedExample {
  readonly line: number;
  /** "" when there is a problem. */
  readonly text: string;
  readonly tokens: TokenizedText;
  readonly mask: Uint8Array;
  readonly problem: RowProblem | null;
}

/** What a person should know about the encoding of a whole data set. */
export class EncodingNotes {
  turnByTurn = 0;
  skippedThinkPrompt = 0;
  readonly #spellSpecial: number[] = [];

  spellsSpecial(line: number): void {
    this.#spellSpecial.push(line);
  }

  warnings(): string[] {
    const lines = this.#spellSpecial;
    const some = lines.slice(0, 5).join(", ") + (lines.length > 5 ? ", …" : "");
    return [
      ...(this.turnByTurn > 0
        ? [
            `In ${this.turnByTurn} rows the template shows earlier answers differently once the conversation goes on; each answer is learned as an example of its own.`,
          ]
        : []),
      ...(this.skippedThinkPrompt > 0
        ? [
            `In ${this.skippedThinkPrompt} rows the template's prompt opens with think tags that the stored answers lack.`,
          ]
        : []),
      ...(lines.length > 0
        ? [
            `${lines.length} rows contain text that spells special tokens of this model (lines ${some}); the model reads it as such tokens.`,
          ]
        : []),
    ];
  }
}

/** Renders, tokenises once and masks. Problems of a row come back with it; nothing is thrown for one row's sake. */
export function encodeConversation(
  model: OpenModel,
  conversation: Conversation,
  learnAll: boolean,
  notes: EncodingNotes,
): EncodedExample[] {
  try {
    return learnAll ? [encodePlain(model.native, conversation)] : encodeChat(model, conversation, notes);
  } catch (error) {
    const { code, message, hint } = toErrorData(error);
    return [problemRow(conversation.line, code === "internal" ? "row.failed" : code, message, hint)];
  }
}

/** Plain text: every token is learned, and so is the end token that follows. */
function encodePlain(native: NativeModel, { line, messages }: Conversation): EncodedExample {
  const text = messages.map(({ content }) => content).join("\n");
  const tokens = withEndToken(
    native,
    native.tokenize(text, { addSpecial: true, parseSpecial: false }),
    Buffer.byteLength(text),
  );
  const { bos } = native.specialTokens();
  const mask = tokens.ids.map((id, index) => (index === 0 && id === bos ? 0 : 1));
  return checked({ line, text, tokens, mask: Uint8Array.from(mask), problem: null });
}

function withEndToken(native: NativeModel, tokens: TokenizedText, bytes: number): TokenizedText {
  const { eos } = native.specialTokens();
  if (eos === null || tokens.ids.at(-1) === eos) return tokens;
  return {
    ids: Int32Array.from([...tokens.ids, eos]),
    begin: Int32Array.from([...tokens.begin, bytes]),
    end: Int32Array.from([...tokens.end, bytes]),
  };
}

function encodeChat(model: OpenModel, conversation: Conversation, notes: EncodingNotes): EncodedExample[] {
  const template = model.template();
  const { method, examples, skippedThinkPrompt } = assistantTexts(template, conversation.messages);
  if (method === "turn-by-turn") notes.turnByTurn += 1;
  if (skippedThinkPrompt) notes.skippedThinkPrompt += 1;
  if (conversation.messages.some(({ content }) => spellsSpecialTokens(model.native, content)))
    notes.spellsSpecial(conversation.line);
  const endOfGeneration = new Set(model.native.specialTokens().endOfGeneration);
  return examples.map((example: SpannedText) => {
    const tokens = tokenizeRendered(model.native, template.variables.bos_token, example.text);
    const mask = tokenMask(tokens, example, {
      endOfGeneration,
      method: method === "generation-tags" ? "tags" : "prefixes",
    });
    return checked({ line: conversation.line, text: example.text, tokens, mask, problem: null });
  });
}

function checked(example: EncodedExample): EncodedExample {
  // The first token is never predicted.
  if (example.mask.indexOf(1, 1) > 0) return example;
  return problemRow(
    example.line,
    "row.nothing-to-learn",
    "No token of this row would be learned.",
    "Fill the answer or remove the row.",
  );
}

function spellsSpecialTokens(native: NativeModel, content: string): boolean {
  // Special tokens are written in brackets of some kind; most contents have none.
  if (!/[<[]/.test(content)) return false;
  const ids = (parseSpecial: boolean) => native.tokenize(content, { addSpecial: false, parseSpecial }).ids;
  const read = ids(true);
  const plain = ids(false);
  return read.length !== plain.length || read.some((id, index) => id !== plain[index]);
}

const noTokens: TokenizedText = { ids: new Int32Array(0), begin: new Int32Array(0), end: new Int32Array(0) };

function problemRow(line: number, code: string, message: string, hint: string): EncodedExample {
  return { line, text: "", tokens: noTokens, mask: new Uint8Array(0), problem: { line, code, message, hint } };
}

/** A row is cut at the context length. One whose learned tokens all lie behind the cut teaches nothing. */
export function cutProblem(example: EncodedExample, contextLength: number): RowProblem | null {
  if (example.problem) return example.problem;
  const first = example.mask.indexOf(1, 1);
  if (first < contextLength) return null;
  return {
    line: example.line,
    code: "row.cut-before-answer",
    message: `The answer begins at token ${first}, behind the context length of ${contextLength} tokens.`,
    hint: `Raise the context length above ${first}, or shorten the row.`,
  };
}
