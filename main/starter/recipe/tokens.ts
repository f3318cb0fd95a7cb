/** Bytes to the printable alphabet of byte-level BPE: 33–126, 161–172 and 174–255 stand for themselves. */
export const byteAlphabet: readonly string[] = (() => {
  const alphabet: string[] = [];
  let next = 256;
  for (let byte = 0; byte < 256; byte++) {
    const itself = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
    alphabet.push(String.fromCodePoint(itself ? byte : next++));
  }
  return alphabet;
})();

export const specialTokens = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"] as const;

/** A byte-level BPE vocabulary: ids are special tokens, then single bytes, then one token per merge. */
export interface Vocabulary {
  readonly tokens: readonly string[]; // in the byte alphabet
  readonly merges: readonly (readonly [left: string, right: string])[];
}

/** The pre-tokenizer that GGUF files call `smollm`: digits alone, then the expression of GPT-2. */
export const preTokenizer = "smollm";

const words = /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu;

/** Pieces that are encoded on their own. Every character belongs to exactly one piece. */
export function pieces(text: string): string[] {
  return text.split(/(\p{N})/u).flatMap((part) => part.match(words) ?? []);
}

const utf8 = new TextEncoder();

export function inByteAlphabet(text: string): string[] {
  return Array.from(utf8.encode(text), (byte) => byteAlphabet[byte] as string);
}

/** Text to token ids and back, as the engine does it for this vocabulary. */
export class Encoder {
  private readonly ids = new Map<string, number>();
  private readonly ranks = new Map<string, number>();
  private readonly cache = new Map<string, readonly number[]>();

  constructor(readonly vocabulary: Vocabulary) {
    vocabulary.tokens.forEach((token, id) => void this.ids.set(token, id));
    vocabulary.merges.forEach(([left, right], rank) => void this.ranks.set(`${left} ${right}`, rank));
  }

  id(token: string): number {
    const id = this.ids.get(token);
    if (id === undefined) throw new Error(`the vocabulary has no token ${JSON.stringify(token)}`);
    return id;
  }

  /** Texts of special tokens become those tokens. */
  encode(text: string): number[] {
    return text
      .split(/(<\|endoftext\|>|<\|im_start\|>|<\|im_end\|>)/)
      .flatMap((part, index) =>
        index % 2 === 1 ? [this.id(part)] : pieces(part).flatMap((piece) => this.piece(piece)),
      );
  }

  decode(ids: readonly number[]): string {
    const bytes = ids.flatMap((id) => {
      const token = this.vocabulary.tokens[id];
      if (token === undefined)
        throw new RangeError(`token ${id} is outside the vocabulary (${this.vocabulary.tokens.length})`);
      if (id < specialTokens.length) return [...utf8.encode(token)];
      return [...token].map((character) => byteAlphabet.indexOf(character));
    });
    return new TextDecoder().decode(Uint8Array.from(bytes));
  }

  private piece(piece: string): readonly number[] {
    const known = this.cache.get(piece);
    if (known !== undefined) return known;
    const symbols = inByteAlphabet(piece);
    for (;;) {
      let [best, at] = [Infinity, -1];
      for (let i = 0; i + 1 < symbols.length; i++) {
        const rank = this.ranks.get(`${symbols[i]} ${symbols[i + 1]}`) ?? Infinity;
        if (rank < best) [best, at] = [rank, i];
      }
      if (at < 0) break;
      symbols.splice(at, 2, `${symbols[at]}${symbols[at + 1]}`);
    }
    const ids = symbols.map((symbol) => this.id(symbol));
    if (this.cache.size < 200_000) this.cache.set(piece, ids);
    return ids;
  }
}
