import type { SpannedText } from "@main/chat-template/assistant-spans";
import type { TextSpan } from "@main/chat-template/template";
import type { TokenizedText } from "@shared/engine/addon";

/** [begin, end) in bytes of the UTF-8 text, which is what token offsets count. */
export function byteSpans(text: string, spans: readonly TextSpan[]): TextSpan[] {
  let characters = 0;
  let bytes = 0;
  const bytesAt = (place: number) => {
    bytes += Buffer.byteLength(text.slice(characters, place), "utf8");
    characters = place;
    return bytes;
  };
  return spans.map(({ begin, end }) => ({ begin: bytesAt(begin), end: bytesAt(end) }));
}

export interface MaskOptions {
  readonly endOfGeneration: ReadonlySet<number>;
  /** Spans found by prefixes reach over white space behind the end token; spans of tags may stop before the end token. */
  readonly method: "tags" | "prefixes";
}

/**
 * 1 on the tokens that are learned. A token belongs to the span that its first byte lies in: one that begins in the prompt is
 * masked even when it reaches into the answer. The token that ends the turn is learned with the answer.
 */
export function tokenMask(
  tokens: TokenizedText,
  example: SpannedText,
  { endOfGeneration, method }: MaskOptions,
): Uint8Array {
  const mask = new Uint8Array(tokens.ids.length);
  let token = 0;
  for (const { begin, end } of byteSpans(example.text, example.spans)) {
    const inside: number[] = [];
    for (; token < mask.length; token += 1) {
      const at = tokens.begin[token] ?? 0;
      if (at >= end) break;
      // A token of no bytes inside the text is the space that some tokenizers put before a word.
      if (at >= begin) inside.push(token);
    }
    const lastEnd = inside.findLastIndex((index) => endOfGeneration.has(tokens.ids[index] ?? -1));
    const learned = method === "prefixes" && lastEnd >= 0 ? inside.slice(0, lastEnd + 1) : inside;
    for (const index of learned) mask[index] = 1;
    const next = tokens.ids[token];
    if (method === "tags" && lastEnd < 0 && next !== undefined && endOfGeneration.has(next)) mask[token] = 1;
  }
  return mask;
}
