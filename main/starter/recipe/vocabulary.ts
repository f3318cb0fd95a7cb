import { byteAlphabet, inByteAlphabet, pieces, specialTokens, type Vocabulary } from "./tokens";

/*
 * The space before a word is always a token of its own. So a name, a message or a title is the same tokens after a space,
 * after a quotation mark and at the start of a line, and copying it is copying tokens.
 */

/**
 * Learns merges from texts: the most frequent neighbours inside words are joined until `size` tokens exist. Ties go to the
 * pair that sorts first, so that the same texts always give the same vocabulary.
 */
export function learnVocabulary(texts: Iterable<string>, size: number): Vocabulary {
  const words = countWords(texts);
  const merges: [string, string][] = [];
  const fixed = specialTokens.length + byteAlphabet.length;
  const learned = size - fixed;
  const pairs = new PairCounts(words);
  while (merges.length < learned) {
    const best = pairs.mostFrequent();
    if (best === undefined)
      throw new Error(`the texts give only ${fixed + merges.length} tokens, ${size} were asked for`);
    merges.push(best);
    pairs.join(best);
  }
  return { tokens: [...specialTokens, ...byteAlphabet, ...merges.map((merge) => merge.join(""))], merges };
}

interface Word {
  symbols: string[];
  readonly count: number;
}

function countWords(texts: Iterable<string>): Word[] {
  const counts = new Map<string, number>();
  for (const text of texts) {
    for (const piece of pieces(text)) {
      const word = piece.startsWith(" ") ? piece.slice(1) : piece;
      if (/^'?\p{L}+$/u.test(word)) counts.set(word, (counts.get(word) ?? 0) + 1);
    }
  }
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([word, count]) => ({ symbols: inByteAlphabet(word), count }));
}

/** How often two symbols stand side by side, and in which words. */
class PairCounts {
  private readonly counts = new Map<string, number>();
  private readonly places = new Map<string, Set<Word>>();

  constructor(words: readonly Word[]) {
    for (const word of words) this.add(word, 1);
  }

  private add(word: Word, sign: 1 | -1): void {
    for (let i = 0; i + 1 < word.symbols.length; i++) {
      const pair = `${word.symbols[i]} ${word.symbols[i + 1]}`;
      this.counts.set(pair, (this.counts.get(pair) ?? 0) + sign * word.count);
      const places = this.places.get(pair) ?? new Set();
      if (sign > 0) places.add(word);
      this.places.set(pair, places);
    }
  }

  mostFrequent(): [string, string] | undefined {
    let [best, most] = ["", 0];
    for (const [pair, count] of this.counts)
      if (count > most || (count === most && pair < best)) [best, most] = [pair, count];
    return most > 0 ? (best.split(" ") as [string, string]) : undefined;
  }

  join([left, right]: readonly [string, string]): void {
    for (const word of this.places.get(`${left} ${right}`) ?? []) {
      this.add(word, -1);
      const joined: string[] = [];
      for (const symbol of word.symbols) {
        if (symbol === right && joined[joined.length - 1] === left) joined[joined.length - 1] = left + right;
        else joined.push(symbol);
      }
      word.symbols = joined;
      this.add(word, 1);
    }
    this.counts.delete(`${left} ${right}`);
    this.places.delete(`${left} ${right}`);
  }
}
