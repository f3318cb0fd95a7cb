import { randomBytes } from "node:crypto";
import type { TextSpan } from "@main/chat-template/template";
import { HoneError } from "@shared/errors";

// New in every process, so that no dataset can spell them.
const nonce = randomBytes(12).toString("hex");
const beginMark = `\u0001hone-begin-${nonce}\u0001`;
const endMark = `\u0001hone-end-${nonce}\u0001`;
const tag = /\{%([-+]?)\s*(end)?generation\s*([-+]?)%\}/g;

/**
 * Puts marks that survive rendering in the place of `{% generation %}` and `{% endgeneration %}`; null when there are none.
 * Each mark sits between two block tags, so that white space around it is trimmed as it was around the tag.
 */
export function markGeneration(source: string): string | null {
  if (source.search(tag) < 0) return null;
  return source.replace(tag, (_, left: string, end: string | undefined, right: string) => {
    return `{%${left} if true %}${end ? endMark : beginMark}{% endif ${right}%}`;
  });
}

/** Takes the marks out again. Blocks do not nest. */
export function splitMarked(marked: string): { text: string; spans: readonly TextSpan[] } {
  const spans: TextSpan[] = [];
  let text = "";
  let begin: number | undefined;
  let rest = marked;
  for (;;) {
    const mark = begin === undefined ? beginMark : endMark;
    const place = rest.indexOf(mark);
    if (place < 0) break;
    text += rest.slice(0, place);
    rest = rest.slice(place + mark.length);
    if (begin === undefined) {
      begin = text.length;
    } else {
      spans.push({ begin, end: text.length });
      begin = undefined;
    }
  }
  text += rest;
  if (begin !== undefined || text.includes(beginMark) || text.includes(endMark)) {
    throw new HoneError("template.error", "The chat template's generation blocks are nested or left open.");
  }
  return { text, spans };
}
