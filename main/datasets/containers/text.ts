import { readLines } from "@main/datasets/containers/lines";
import type { RawRow } from "@main/datasets/raw-row";

/** Each line that is not blank is a row. */
export async function* readText(path: string): AsyncGenerator<RawRow> {
  for await (const read of readLines(path)) {
    if ("refusal" in read) yield read;
    else if (read.text.trim() !== "") yield { line: read.line, value: { text: read.text } };
  }
}
