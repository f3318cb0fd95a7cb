import { createReadStream } from "node:fs";
import { limits, RowRefusal } from "@main/datasets/raw-row";

export type Line =
  | { readonly line: number; readonly text: string }
  | { readonly line: number; readonly refusal: RowRefusal };

const newline = 0x0a;

/** Lines of a UTF-8 file in pieces, without line ends and byte order mark. A line that is too long or no UTF-8 comes as a refusal. */
export async function* readLines(path: string): AsyncGenerator<Line> {
  let line = 1;
  let held: Buffer[] = [];
  let heldBytes = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 18 }) as AsyncIterable<Buffer>) {
    let start = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
      yield finish(line++, held, heldBytes, chunk.subarray(start, end));
      held = [];
      heldBytes = 0;
      start = end + 1;
    }
    const rest = chunk.subarray(start);
    heldBytes += rest.length;
    if (heldBytes <= limits.rowBytes) held.push(rest);
    else held = [];
  }
  if (heldBytes > 0) yield finish(line, held, heldBytes, Buffer.alloc(0));
}

function finish(line: number, held: readonly Buffer[], heldBytes: number, last: Buffer): Line {
  const length = heldBytes + last.length;
  if (length > limits.rowBytes) {
    return {
      line,
      refusal: new RowRefusal(
        "dataset.row-too-long",
        `The line is longer than ${limits.rowBytes / 1024 ** 2} MB.`,
        "Split it into several rows. If the whole file is one line, write one example per line.",
      ),
    };
  }
  const bytes = held.length === 0 ? last : Buffer.concat([...held, last]);
  const text = decode(bytes);
  if (text === undefined) {
    return {
      line,
      refusal: new RowRefusal(
        "dataset.encoding",
        `The line is not valid UTF-8: byte ${firstBadByte(bytes) + 1} of the line does not fit.`,
        "Save the file with the encoding UTF-8.",
      ),
    };
  }
  const clean = line === 1 && text.startsWith("\uFEFF") ? text.slice(1) : text;
  return { line, text: clean.endsWith("\r") ? clean.slice(0, -1) : clean };
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function decode(bytes: Buffer): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

/** The longest valid beginning ends here: found by halving, since a valid beginning may also end inside a character. */
function firstBadByte(bytes: Buffer): number {
  let good = 0;
  let bad = bytes.length;
  const beginning = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  while (good < bad) {
    const middle = (good + bad + 1) >> 1;
    try {
      beginning.decode(bytes.subarray(0, middle), { stream: true });
      good = middle;
    } catch {
      bad = middle - 1;
    }
    try {
      beginning.decode();
    } catch {
      // Only resets the decoder for the next try.
    }
  }
  return good;
}
