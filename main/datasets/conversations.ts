import { createHash } from "node:crypto";
import { readLines } from "@main/datasets/containers/lines";
import type { AtomicFile } from "@main/storage/files";
import { conversationSchema } from "@shared/engine/protocol";
import { HoneError } from "@shared/errors";
import type { Conversation } from "@shared/models/dataset";

/** Hone's own file of conversations: one {"line", "messages"} per line. `digest` is over the messages alone, in order. */
export class ConversationWriter {
  readonly #hash = createHash("sha256");
  rows = 0;

  constructor(private readonly file: AtomicFile) {}

  async write({ line, messages }: Conversation): Promise<void> {
    this.rows++;
    this.#hash.update(`${JSON.stringify(messages.map(({ role, content }) => [role, content]))}\n`);
    await this.file.write(`${JSON.stringify({ line, messages })}\n`);
  }

  /** SHA-256 in hex; to be asked once, at the end. */
  digest(): string {
    return this.#hash.digest("hex");
  }
}

/** Conversations `offset` up to `offset + limit` of Hone's own file. */
export async function* readConversations(
  path: string,
  offset = 0,
  limit = Number.POSITIVE_INFINITY,
): AsyncGenerator<Conversation> {
  let index = 0;
  for await (const read of readLines(path)) {
    if (index >= offset + limit) return;
    if (index++ < offset) continue;
    const parsed = "refusal" in read ? undefined : conversationSchema.safeParse(parseOrNull(read.text));
    if (!parsed?.success) {
      throw new HoneError(
        "dataset.damaged",
        `Line ${read.line} of "${path}" is damaged.`,
        "Remove the dataset and import it again.",
        { path },
      );
    }
    yield parsed.data;
  }
}

export async function listConversations(path: string, offset?: number, limit?: number): Promise<Conversation[]> {
  const found: Conversation[] = [];
  for await (const conversation of readConversations(path, offset, limit)) found.push(conversation);
  return found;
}

/** Groups of at most `size`, for calls that take many rows at once. */
export async function* inBatches<T>(items: AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let batch: T[] = [];
  for await (const item of items) {
    batch.push(item);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
