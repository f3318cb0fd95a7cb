import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { openDatasetFile } from "@main/datasets/containers/open";
import { importers } from "@main/datasets/importers/all";
import type { Importer } from "@main/datasets/importers/importer";
import { readRows } from "@main/datasets/rows";
import { HoneError } from "@shared/errors";
import { describe, expect, it } from "vitest";
import { damaged, damageSeeds } from "../../support/damage";
import { tempFolder } from "../../support/temp-folder";

const messages = (n: number) => ({
  messages: [
    { role: "user", content: `question ${n} "quoted", ü` },
    { role: "assistant", content: `answer\n${n}` },
  ],
});
const rows = Array.from({ length: 12 }, (_, n) => messages(n));
const sources: Record<string, string> = {
  "a.jsonl": rows.map((row) => JSON.stringify(row)).join("\n"),
  "a.json": JSON.stringify(rows),
  "a.csv": `prompt,completion\n${rows.map((_, n) => `"q ""${n}"", x","a\n${n}"`).join("\r\n")}`,
  "a.txt": "One paragraph.\n\nAnother — ü.\n",
};

describe("a damaged dataset gives rows, refusals with their lines, or one error in words", () => {
  it.each(Object.keys(sources))("%s", { timeout: 3_600_000 }, async (name) => {
    const path = join(await tempFolder(), name);
    for (const seed of damageSeeds(150, Object.keys(sources).length)) {
      writeFileSync(path, damaged(Buffer.from(sources[name] ?? ""), seed));
      try {
        const file = await openDatasetFile(path);
        for await (const row of readRows(file, importers[seed % importers.length] as Importer)) {
          expect(row.line, `seed ${seed}`).toBeGreaterThan(0);
          if ("code" in row) expect(row.code, `seed ${seed}`).toMatch(/^(dataset|row)\./);
        }
      } catch (error) {
        if (!(error instanceof HoneError)) throw new Error(`seed ${seed}: ${error}`, { cause: error });
        expect(error.code, `seed ${seed}`).toMatch(/^(dataset|file|row)\./);
      }
    }
  });
});
