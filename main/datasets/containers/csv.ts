import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { limits, type RawRow, RowRefusal } from "@main/datasets/raw-row";
import { HoneError } from "@shared/errors";
import { parse } from "csv-parse";
import { z } from "zod";

const recordSchema = z.object({
  record: z.record(z.string(), z.string().optional()),
  info: z.object({ lines: z.int() }),
});

/** Rows of a table whose first line names the columns. The separator (comma, semicolon, tab) is the one that line has most of. */
export async function* readCsv(path: string): AsyncGenerator<RawRow> {
  const refused: RawRow[] = [];
  const parser = parse({
    columns: (header: string[]) => checkHeader(path, header),
    bom: true,
    info: true,
    delimiter: await guessDelimiter(path),
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    max_record_size: limits.rowBytes,
    on_skip: (error) => {
      const line = error && "lines" in error && typeof error.lines === "number" ? error.lines : 0;
      refused.push({
        line,
        refusal: new RowRefusal(
          "dataset.csv",
          `The row is not valid CSV: ${error?.message ?? "unknown reason"}.`,
          'Put text with commas, line breaks or quotes between double quotes, and write a quote inside as "".',
        ),
      });
    },
  });
  const source = createReadStream(path);
  source.on("error", (error) => parser.destroy(error));
  try {
    for await (const item of source.pipe(parser)) {
      yield* refused.splice(0);
      const { record, info } = recordSchema.parse(item);
      const texts = Object.values(record);
      const line = info.lines - texts.reduce((sum, text) => sum + (text?.split("\n").length ?? 1) - 1, 0);
      if (texts.some((text) => text?.includes("\uFFFD"))) {
        yield {
          line,
          refusal: new RowRefusal(
            "dataset.encoding",
            "The row is not valid UTF-8.",
            "Save the table with the encoding UTF-8.",
          ),
        };
      } else yield { line, value: record };
    }
    yield* refused.splice(0);
  } finally {
    source.destroy();
  }
}

async function guessDelimiter(path: string): Promise<string> {
  const handle = await open(path, "r");
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(65_536), 0, 65_536, 0);
    const [header = ""] = buffer.toString("utf8", 0, bytesRead).split(/\r?\n/, 1);
    const count = (delimiter: string) => header.split(delimiter).length;
    return [",", ";", "\t"].reduce((best, next) => (count(next) > count(best) ? next : best));
  } finally {
    await handle.close();
  }
}

function checkHeader(path: string, header: readonly string[]): string[] {
  const names = header.map((name) => name.trim().toLowerCase());
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return names;
  throw new HoneError(
    "dataset.csv",
    `The first line of "${path}" names the column "${twice}" twice.`,
    "Give each column a name of its own.",
    { path, line: 1 },
  );
}
