import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { breather } from "@main/engine/worker/breathe";
import { cutProblem, EncodingNotes, encodeConversation } from "@main/engine/worker/encode";
import type { OpenModel } from "@main/engine/worker/models";
import type { NativeRows } from "@shared/engine/addon";
import { conversationSchema } from "@shared/engine/protocol";
import { HoneError } from "@shared/errors";

export interface LoadedRows {
  readonly rows: NativeRows;
  readonly count: number;
  readonly cut: number;
  readonly tokens: number;
  /** Rows left out, by the code of their problem. */
  readonly problems: ReadonlyMap<string, { count: number; example: string }>;
  readonly warnings: readonly string[];
}

export interface LoadOptions {
  readonly contextLength: number;
  readonly learnAll: boolean;
  /** Throws to break off. */
  readonly onRow?: () => void;
}

/** Encodes a JSONL file of conversations, line by line; only the tokens stay in memory. */
export async function loadRows(
  model: OpenModel,
  path: string,
  { contextLength, learnAll, onRow }: LoadOptions,
): Promise<LoadedRows> {
  const notes = new EncodingNotes();
  const breathe = breather();
  const problems = new Map<string, { count: number; example: string }>();
  const tokens: Int32Array[] = [];
  const masks: Uint8Array[] = [];
  let cut = 0;
  let number = 0;
  for await (const line of createInterface({
    input: createReadStream(path, "utf8"),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    number += 1;
    if (line.trim() === "") continue;
    for (const example of encodeConversation(model, parseConversation(path, number, line), learnAll, notes)) {
      const problem = cutProblem(example, contextLength);
      if (problem) {
        const known = problems.get(problem.code);
        problems.set(problem.code, {
          count: (known?.count ?? 0) + 1,
          example: known?.example ?? `line ${problem.line}: ${problem.message}`,
        });
        continue;
      }
      if (example.tokens.ids.length > contextLength) cut += 1;
      tokens.push(example.tokens.ids.slice(0, contextLength));
      masks.push(example.mask.slice(0, contextLength));
    }
    onRow?.();
    await breathe();
  }
  const rows = endToEnd(tokens, masks);
  return { rows, count: tokens.length, cut, tokens: rows.tokens.length, problems, warnings: notes.warnings() };
}

function parseConversation(path: string, number: number, line: string) {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    value = undefined;
  }
  const parsed = conversationSchema.safeParse(value);
  if (!parsed.success) {
    throw new HoneError(
      "data.damaged",
      `Line ${number} of "${path}" is not a conversation.`,
      "Import the dataset again.",
      { file: path, line: number },
    );
  }
  return parsed.data;
}

export function endToEnd(tokens: readonly Int32Array[], masks: readonly Uint8Array[]): NativeRows {
  const total = tokens.reduce((sum, row) => sum + row.length, 0);
  if (total > 0x7fff_ffff)
    throw new HoneError(
      "data.too-large",
      `The rows have ${total} tokens together; at most ${0x7fff_ffff} fit.`,
      "Use fewer rows.",
    );
  const result = {
    tokens: new Int32Array(total),
    mask: new Uint8Array(total),
    offsets: new Int32Array(tokens.length + 1),
  };
  let place = 0;
  for (const [index, row] of tokens.entries()) {
    result.tokens.set(row, place);
    result.mask.set(masks[index] ?? new Uint8Array(row.length), place);
    place += row.length;
    result.offsets[index + 1] = place;
  }
  return result;
}
