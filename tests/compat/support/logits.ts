import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { addon } from "../../binding/support/addon";
import { tempFolder } from "../../support/temp-folder";
import { answerTokens } from "./exports";

const program = fileURLToPath(new URL("../../crosscheck/llama-cpp.mjs", import.meta.url));

export interface Computed {
  readonly vocabulary: number;
  readonly logits: Float32Array;
  readonly greedy: readonly number[];
}

/** The same files and tokens in llama.cpp, in a process of its own. */
export async function inLlamaCpp(model: string, adapter: string | null, tokens: readonly number[]): Promise<Computed> {
  const place = await tempFolder();
  const [request, out] = [join(place, "request.json"), join(place, "logits.f32")];
  const lora = adapter === null ? {} : { adapter: { path: adapter, strength: 1 } };
  writeFileSync(request, JSON.stringify({ model, ...lora, tokens, greedy: answerTokens }));
  const { stdout } = await promisify(execFile)(process.execPath, [program, request, out]);
  const said = JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as Pick<Computed, "vocabulary" | "greedy">;
  const bytes = readFileSync(out);
  return { ...said, logits: new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)) };
}

/** Hone's logits, and a text as its tokens. */
export async function inHone(model: string, adapter: string | null, text: string | readonly number[]) {
  const open = await addon.openModel(model, { device: "cpu", threads: 2 });
  try {
    const tokens =
      typeof text === "string"
        ? open.tokenize(text, { addSpecial: false, parseSpecial: true }).ids
        : Int32Array.from(text);
    const adapters = adapter === null ? [] : [{ adapter: await open.openAdapter(adapter), strength: 1 }];
    const logits = await open.logits(tokens, { adapters });
    const decode = (ids: readonly number[]) => open.decode(Int32Array.from(ids), { showSpecial: false });
    return { tokens: [...tokens], logits, decoded: decode, close: () => open.close() };
  } catch (error) {
    open.close();
    throw error;
  }
}

/** Mean square of the difference over that of `b`, each row about its own mean. */
export function meanSquare(a: Float32Array, b: Float32Array, vocabulary: number): number {
  let [error, power] = [0, 0];
  for (let row = 0; row < b.length / vocabulary; row++) {
    const [x, y] = [a, b].map((values) => values.subarray(row * vocabulary, (row + 1) * vocabulary)) as [
      Float32Array,
      Float32Array,
    ];
    const mean = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) / vocabulary;
    const [meanX, meanY] = [mean(x), mean(y)];
    x.forEach((value, index) => {
      error += (value - meanX - ((y[index] ?? 0) - meanY)) ** 2;
      power += ((y[index] ?? 0) - meanY) ** 2;
    });
  }
  return error / power;
}
