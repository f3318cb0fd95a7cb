import { execFile } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, describe, expect, it } from "vitest";
import { addon, fixture, greedy as greedily } from "../binding/support/addon";
import { tempFolder } from "../support/temp-folder";

/*
 * `npm run crosscheck`: the same file, tokens and adapter in Hone and in llama.cpp. llama.cpp rounds the inputs of quantised
 * matrices to 8 bits in blocks, keeps keys and values in F16, and Hone rounds for ternary matrices only, so the two differ by
 * what rounding makes: up to 2.4e-3 of the mean square by the measurements that came with the fixtures.
 */
const largestSquare = 5e-3;
const greedyTokens = 12;
const folder = process.env.HONE_CROSSCHECK_FOLDER ?? fixture("models");
const peerProgram = fileURLToPath(new URL("llama-cpp.mjs", import.meta.url));
const starter = fileURLToPath(new URL("../../main/starter/model.gguf", import.meta.url));

interface Case {
  readonly name: string;
  readonly model: string;
  readonly adapter?: { readonly path: string; readonly strength: number };
  readonly tokens: readonly number[];
}
interface Answer {
  readonly vocabulary: number;
  readonly logits: Float32Array;
  readonly greedy: readonly number[];
}
interface LogitsCase {
  readonly model: string;
  readonly adapters?: readonly (readonly [file: string, strength: number])[];
  readonly tokens?: readonly number[];
}

/**
 * What this llama.cpp does not read: the type I2_S; the yarn_* keys of a file (changing any of them leaves its logits as they are;
 * with neutral ones the two agree); and the kind of tokenizer in the files of phi3 with long factors, which it does not open.
 */
const unknownToPeer = /i2_s|yarn-keys|longrope/;
/** llama.cpp computes SiLU whatever the file says. */
const otherActivation = /relu2/;

function fixtureCases(): Case[] {
  const cases = JSON.parse(readFileSync(join(folder, "logits.json"), "utf8")) as Record<string, LogitsCase>;
  const present = new Set(readdirSync(folder));
  return Object.entries(cases).flatMap(([name, { model, adapters = [], tokens = [] }]) => {
    const [adapter, ...others] = adapters;
    if (!present.has(model) || tokens.length === 0 || unknownToPeer.test(model) || others.length > 0) return [];
    const base = { name, model: join(folder, model), tokens };
    return [adapter ? { ...base, adapter: { path: join(folder, adapter[0]), strength: adapter[1] } } : base];
  });
}

async function ours({ model: path, adapter, tokens }: Case): Promise<Answer> {
  const model = await addon.openModel(path, { device: "cpu", threads: 2 });
  try {
    const adapters = adapter ? [{ adapter: await model.openAdapter(adapter.path), strength: adapter.strength }] : [];
    const prompt = Int32Array.from(tokens);
    const logits = await model.logits(prompt, { adapters });
    const { tokens: greedy } = await model.generate({ prompt, adapters, sampling: greedily(greedyTokens) }, () => {})
      .done;
    return { vocabulary: model.info.vocabularySize, logits, greedy: [...greedy] };
  } finally {
    model.close();
  }
}

async function theirs({ model, adapter, tokens }: Case): Promise<Answer> {
  const place = await tempFolder();
  const [request, out] = [join(place, "request.json"), join(place, "logits.f32")];
  writeFileSync(request, JSON.stringify({ model, adapter, tokens, greedy: greedyTokens }));
  const { stdout } = await promisify(execFile)(process.execPath, [peerProgram, request, out]);
  const said = JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as Pick<Answer, "vocabulary" | "greedy">;
  const bytes = readFileSync(out);
  return { ...said, logits: new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)) };
}

/** Share of the mean square of `b`, each row about its own mean. */
function differenceOf(a: Float32Array, b: Float32Array, vocabulary: number): { square: number; sameBest: number } {
  let [error, power, same] = [0, 0, 0];
  const rows = b.length / vocabulary;
  for (let row = 0; row < rows; row++) {
    const [x, y] = [a, b].map((values) => values.subarray(row * vocabulary, (row + 1) * vocabulary)) as [
      Float32Array,
      Float32Array,
    ];
    const mean = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) / vocabulary;
    const [meanX, meanY] = [mean(x), mean(y)];
    for (let i = 0; i < vocabulary; i++) {
      error += ((x[i] as number) - meanX - ((y[i] as number) - meanY)) ** 2;
      power += ((y[i] as number) - meanY) ** 2;
    }
    if (x.indexOf(Math.max(...x)) === y.indexOf(Math.max(...y))) same++;
  }
  return { square: error / power, sameBest: same / rows };
}

const lines: string[] = [];

async function compare(one: Case): Promise<{ square: number; sameGreedy: number; length: number }> {
  const [mine, peer] = [await ours(one), await theirs(one)];
  expect(peer.vocabulary).toBe(mine.vocabulary);
  const { square, sameBest } = differenceOf(mine.logits, peer.logits, mine.vocabulary);
  // An answer of ours may be shorter, because it ends at the end-of-turn token.
  const length = Math.min(mine.greedy.length, peer.greedy.length);
  let sameGreedy = 0;
  while (sameGreedy < length && mine.greedy[sameGreedy] === peer.greedy[sameGreedy]) sameGreedy++;
  const cells = [square.toExponential(1), `${Math.round(sameBest * 100)} %`, `${sameGreedy} of ${length}`];
  lines.push(`${one.name.padEnd(26)}${cells.map((cell) => cell.padStart(12)).join("")}`);
  return { square, sameGreedy, length };
}

afterAll(() => {
  const titles = ["mean square", "same best", "same greedy"].map((title) => title.padStart(12));
  process.stdout.write(`\n${"Hone beside llama.cpp".padEnd(26)}${titles.join("")}\n${lines.join("\n")}\n\n`);
});

describe("Hone and llama.cpp give the same logits", () => {
  it.each(fixtureCases().filter(({ name }) => !otherActivation.test(name)))("for $name", async (one) => {
    expect((await compare(one)).square).toBeLessThan(largestSquare);
  });

  it.each(fixtureCases().filter(({ name }) => otherActivation.test(name)))(
    "for $name not, because llama.cpp takes another activation",
    async (one) => {
      expect((await compare(one)).square).toBeGreaterThan(largestSquare);
    },
  );
});

/** Types that phone and desktop apps are given. */
const mergeTypes = ["f16", "q8_0", "q4_k_m", "q4_0"] as const;

/** Base and adapter as one file. */
async function merged({ name, model: path, adapter, tokens }: Case, type: (typeof mergeTypes)[number]): Promise<Case> {
  const model = await addon.openModel(path, { device: "cpu", threads: 2 });
  try {
    const target = join(await tempFolder(), "merged.gguf");
    const adapters = adapter ? [{ adapter: await model.openAdapter(adapter.path), strength: adapter.strength }] : [];
    const request = { adapters, type, embedding: "shrink", metadata: {}, target } as const;
    await model.merge(request, () => undefined).done;
    return { name: `${type} of ${name}`, model: target, tokens };
  } finally {
    model.close();
  }
}

describe("an adapter merged into its base", () => {
  const cases = fixtureCases().filter(({ adapter }) => adapter?.strength === 1);
  it.each(mergeTypes.flatMap((type) => cases.map((one) => ({ type, name: one.name, one }))))(
    "as $type opens in llama.cpp with the same logits, for $name",
    async ({ type, one }) => {
      expect((await compare(await merged(one, type))).square).toBeLessThan(largestSquare);
    },
  );
});

describe("a base written anew in another type", () => {
  const kinds = /^(?:qwen2|smollm3|gemma3|fused-phi|lfm2)-/;
  it.each(fixtureCases().filter(({ name }) => kinds.test(name)))(
    "opens in llama.cpp with the same logits, for $name",
    async (one) => {
      expect((await compare(await merged(one, "q4_k_m"))).square).toBeLessThan(largestSquare);
    },
  );
});

describe("the starter", () => {
  const adapter = { path: process.env.HONE_CROSSCHECK_ADAPTER ?? "", strength: 1 };
  const requests = ["Wake me at half past six.", "text Anna that I'm late", "Play Silver River"];

  async function asked(text: string, used?: Case["adapter"]): Promise<Case> {
    const model = await addon.openModel(starter, { device: "cpu", threads: 2 });
    const turns = `<|im_start|>user\n${text}<|im_end|>\n<|im_start|>assistant\n`;
    const { ids } = model.tokenize(turns, { addSpecial: false, parseSpecial: true });
    model.close();
    const name = `${used ? "tuned" : "starter"}: ${text}`.slice(0, 25);
    return { name, model: starter, tokens: [...ids], ...(used ? { adapter: used } : {}) };
  }

  it.each(requests)("has the same logits on %j", async (text) => {
    expect((await compare(await asked(text))).square).toBeLessThan(largestSquare);
  });

  // The bare starter has several ways to say the same, as likely as each other; the tuned one has a single answer.
  it.each(requests)("gives the same answer once tuned, to %j", async (text) => {
    const { square, sameGreedy, length } = await compare(await asked(text, adapter));
    expect(square).toBeLessThan(largestSquare);
    expect(sameGreedy).toBe(length);
  });

  it.each(requests)("gives the tuned answer as one merged file, to %j", async (text) => {
    const tuned = await asked(text, adapter);
    const one = await merged(tuned, "q8_0");
    const { square, sameGreedy, length } = await compare(one);
    expect(square).toBeLessThan(largestSquare);
    expect(sameGreedy).toBe(length);
    expect((await ours(one)).greedy).toEqual((await ours(tuned)).greedy);
  });
});
