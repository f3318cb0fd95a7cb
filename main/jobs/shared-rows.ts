import { createHash } from "node:crypto";
import type { Conversation } from "@shared/models/dataset";

/** How many of the rows kept aside also stand among the others, word for word. Rows are remembered by digests, not by text. */
export async function countSharedRows(
  rows: AsyncIterable<Pick<Conversation, "messages">>,
  aside: ReadonlySet<number>,
): Promise<number> {
  const train = new Set<string>();
  const kept: string[] = [];
  let index = 0;
  for await (const { messages } of rows) {
    const text = messages.map(({ role, content }) => `${role}\0${content}`).join("\0\0");
    const digest = createHash("sha256").update(text).digest("base64");
    if (aside.has(index++)) kept.push(digest);
    else train.add(digest);
  }
  return kept.filter((digest) => train.has(digest)).length;
}
