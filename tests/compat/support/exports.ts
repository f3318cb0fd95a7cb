import { appendFileSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Bundle, type BundleFile, bundleSchema } from "@shared/models/bundle";
import { addon, greedy } from "../../binding/support/addon";

/** What `npm run compat` has exported. */
export const compatFolder = process.env.HONE_COMPAT ?? "";

export const prompts = ["Set a timer for ten minutes.", "Wake me at half past six.", "text Anna that I'm late"];
export const answerTokens = 24;

export interface Exported {
  readonly folder: string;
  readonly bundle: Bundle;
  /** Full paths of the files of a role, in order. */
  files(role: BundleFile["role"]): string[];
}

export function exportNamed(name: string): Exported {
  const folder = join(compatFolder, "exports", name, "tuned-hone");
  const bundle = bundleSchema.parse(JSON.parse(readFileSync(join(folder, "hone.json"), "utf8")));
  return {
    folder,
    bundle,
    files: (role) => bundle.files.filter((file) => file.role === role).map(({ path }) => join(folder, path)),
  };
}

/** The base of an export in parts, as the profile for browsers writes larger ones; the first first. */
export async function inParts(base: string): Promise<string[]> {
  const folder = join(compatFolder, "exports", "parts");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  return addon.splitModel(base, join(folder, "model"), 600_000);
}

/** A cell of the matrix, for the table that is printed at the end. */
export function cell(row: string, column: string, text: string): void {
  appendFileSync(join(compatFolder, "cells.jsonl"), `${JSON.stringify({ row, column, text })}\n`);
}

/** The starter's own way of writing a question. */
export const asked = (prompt: string) => `<|im_start|>user\n${prompt}<|im_end|>\n<|im_start|>assistant\n`;

/** Hone's own greedy answers. */
export async function ours(model: string, adapter: string | null): Promise<string[]> {
  const open = await addon.openModel(model, { device: "cpu", threads: 2 });
  try {
    const adapters = adapter === null ? [] : [{ adapter: await open.openAdapter(adapter), strength: 1 }];
    const answers: string[] = [];
    for (const prompt of prompts) {
      const { ids } = open.tokenize(asked(prompt), { addSpecial: false, parseSpecial: true });
      const { tokens } = await open.generate({ prompt: ids, adapters, sampling: greedy(answerTokens) }, () => undefined)
        .done;
      answers.push(open.decode(tokens, { showSpecial: false }).trim());
    }
    return answers;
  } finally {
    open.close();
  }
}

/** How many answers are the same from the first character to the last of the shorter one, at least `least` characters. */
export function alike(left: readonly string[], right: readonly string[], least = 8): number {
  return left.filter((text, index) => {
    const other = (right[index] ?? "").trim();
    const length = Math.min(text.trim().length, other.length);
    return length >= Math.min(least, text.trim().length) && text.trim().slice(0, length) === other.slice(0, length);
  }).length;
}
