import { findJsonFault } from "@main/datasets/containers/json-fault";
import { readLines } from "@main/datasets/containers/lines";
import { type RawRow, RowRefusal } from "@main/datasets/raw-row";

/** One JSON value per line; blank lines are passed over. */
export async function* readJsonl(path: string): AsyncGenerator<RawRow> {
  for await (const read of readLines(path)) {
    if ("refusal" in read) yield read;
    else if (read.text.trim() !== "") yield parse(read.line, read.text);
  }
}

function parse(line: number, text: string): RawRow {
  try {
    return { line, value: JSON.parse(text) };
  } catch {
    const fault = findJsonFault(text) ?? { index: 0, expected: "a value" };
    const found = fault.index >= text.length ? "the end of the line" : JSON.stringify(text[fault.index]);
    return {
      line,
      refusal: new RowRefusal(
        "dataset.json",
        `The line is not valid JSON: at column ${fault.index + 1}, expected ${fault.expected}, found ${found}.`,
        fault.index === 0 && text.trimStart().startsWith("[")
          ? "Write one JSON object per line, without a list around them."
          : "Each line must be one whole JSON object.",
      ),
    };
  }
}
