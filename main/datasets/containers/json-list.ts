import { createReadStream } from "node:fs";
import { StringDecoder } from "node:string_decoder";
import { limits, type RawRow, RowRefusal } from "@main/datasets/raw-row";
import { HoneError } from "@shared/errors";

/**
 * The elements of a file that is one JSON list, read in pieces. `line` is where an element begins. A fault outside of the elements
 * ends the import, since nothing after it can be trusted.
 */
export async function* readJsonList(path: string): AsyncGenerator<RawRow> {
  const decoder = new StringDecoder("utf8");
  let line = 1;
  let state = "before" as "before" | "between" | "inside" | "after";
  let element = "";
  let startLine = 1;
  let depth = 0;
  let quoted = false;
  let escaped = false;

  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 18 }) as AsyncIterable<Buffer>) {
    const text = decoder.write(chunk);
    let begin = 0;
    for (let i = 0; i < text.length; i++) {
      const character = text[i] ?? "";
      if (character === "\n") line++;
      if (state === "inside") {
        if (escaped) escaped = false;
        else if (quoted) {
          if (character === "\\") escaped = true;
          else if (character === '"') quoted = false;
        } else if (character === '"') quoted = true;
        else if (character === "{" || character === "[") depth++;
        else if ((character === "}" || character === "]") && depth > 0) depth--;
        else if (depth === 0 && (character === "," || character === "]")) {
          yield parseElement(startLine, element + text.slice(begin, i));
          element = "";
          state = character === "]" ? "after" : "between";
        }
      } else if (!/\s|\uFEFF/.test(character)) {
        if (state === "before" && character === "[") state = "between";
        else if (state === "between" && character === "]") state = "after";
        else if (state === "between") {
          state = "inside";
          startLine = line;
          begin = i;
          quoted = character === '"';
          depth = character === "{" || character === "[" ? 1 : 0;
        } else throw fault(path, line, `found ${JSON.stringify(character)} outside of the list`);
      }
    }
    if (state === "inside") element += text.slice(begin);
    if (element.length > limits.rowBytes) throw fault(path, startLine, "an element is longer than 4 MB or never ends");
  }
  if (state !== "after") throw fault(path, line, "the list is not closed by ]");
}

function parseElement(line: number, text: string): RawRow {
  try {
    return { line, value: JSON.parse(text) };
  } catch (error) {
    const why = error instanceof Error ? error.message.slice(0, 200) : String(error);
    return {
      line,
      refusal: new RowRefusal(
        "dataset.json",
        `The element is not valid JSON: ${why}.`,
        "Mend the element, or write one JSON object per line.",
      ),
    };
  }
}

function fault(path: string, line: number, what: string): HoneError {
  return new HoneError(
    "dataset.json",
    `"${path}" is not a valid JSON list: at line ${line}, ${what}.`,
    "Mend the file, or write one JSON object per line (JSONL).",
    { path, line },
  );
}
