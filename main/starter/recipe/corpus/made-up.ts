import type { Random } from "../random";

/*
 * Pronounceable words that mean nothing. Copying a name can only be learnt as a procedure when the names never repeat.
 */
const onsets = (
  "b bl br c ch cl cr d dr f fl fr g gl gr h j k kl kr l m n p pl pr qu r s sh sk sl sm sn sp st str sw t th tr tw v w " +
  "wh y z"
).split(" ");
const nuclei = "a a e e i i o o u u ai ea ee ie oa oo ou au y".split(" ");
const codas = "b ck d f g k l ld lk ll lm lp m mp n nd ng nk nt p r rd rk rm rn rp rt s sh sk sp ss st t th x z".split(
  " ",
);

function syllable(random: Random, closed: number): string {
  const onset = random.chance(0.88) ? random.pick(onsets) : "";
  return onset + random.pick(nuclei) + (random.chance(closed) ? random.pick(codas) : "");
}

/** Lower-case word of one to three syllables, three to eleven letters. */
export function madeUpWord(random: Random): string {
  for (;;) {
    const count = random.weighted([
      [4, 1],
      [6, 2],
      [1, 3],
    ] as const);
    let word = "";
    for (let i = 0; i < count; i++) word += syllable(random, i === count - 1 ? 0.6 : 0.25);
    if (word.length >= 3 && word.length <= 11) return word;
  }
}

/**
 * The head of one real word and the tail of another, such as "umbrato": its parts are well known, but what usually
 * follows them is wrong here.
 */
export function blendedWord(random: Random, words: readonly string[]): string {
  const [head, tail] = [random.pick(words), random.pick(words)];
  const blend = head.slice(0, random.between(2, 5)) + tail.slice(random.between(1, Math.max(1, tail.length - 2)));
  return blend.slice(0, 11);
}

const endings = ["a", "o", "i", "ia", "us", "ina", "el", "en", "ard", "y", "ie", "ah", "on", "is"];

/** Name of a person: capitalised, often with an ending that names have. */
export function madeUpName(random: Random): string {
  const word = madeUpWord(random);
  return capitalise(random.chance(0.4) && /[^aeiouy]$/.test(word) ? word + random.pick(endings) : word);
}

const townEndings = ["ton", "ford", "ville", "mouth", "bury", "ham", "wick", "stad", "berg", "by", "field", "port"];

/** Name of a town or street: capitalised, half of them with an ending that towns have. */
export function madeUpTown(random: Random): string {
  const word = madeUpWord(random);
  return capitalise(random.chance(0.5) && word.length <= 7 ? word + random.pick(townEndings) : word);
}

export function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
