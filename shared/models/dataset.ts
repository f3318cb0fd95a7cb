import { z } from "zod";

export const chatMessageSchema = z.object({
  role: z.enum(["system", "user", "assistant"]),
  content: z.string().max(1_000_000),
});
export type ChatMessage = z.infer<typeof chatMessageSchema>;

/** One example as every format ends up: a conversation. `line` counts from 1 in the source file. */
export interface Conversation {
  readonly line: number;
  readonly messages: readonly ChatMessage[];
}

/**
 * `messages`: {"messages":[{role, content}]}; `sharegpt`: {"conversations":[{from, value}]}; `alpaca`: instruction, input?,
 * output; `prompt-completion`: prompt, completion; `text`: {"text"} or plain lines, learned whole.
 */
export const datasetFormats = ["messages", "sharegpt", "alpaca", "prompt-completion", "text"] as const;
export const datasetFormatSchema = z.enum(datasetFormats);
export type DatasetFormat = z.infer<typeof datasetFormatSchema>;

/** A row that cannot be used, and why. */
export interface RowProblem {
  readonly line: number;
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

/** What a file looks like before it is imported. */
export interface DatasetGuess {
  readonly path: string;
  readonly container: "jsonl" | "csv" | "text";
  readonly format: DatasetFormat;
  /** In words: what gave the format away. */
  readonly because: string;
  readonly fields: readonly string[];
  readonly rows: number;
  readonly problems: readonly RowProblem[];
  readonly problemCount: number;
  /** The first rows, already as conversations. */
  readonly sample: readonly Conversation[];
}

export interface DatasetRecord {
  readonly id: string;
  readonly name: string;
  readonly origin: "starter" | "file";
  readonly sourcePath: string;
  readonly format: DatasetFormat;
  readonly rows: number;
  /** Rows of the file left out because of problems. */
  readonly skippedRows: number;
  /** Rows of a separate held-out file that scores are made on; 0 when there is none. */
  readonly testRows: number;
  /** SHA-256 over the conversations, hex. */
  readonly digest: string;
  readonly addedAt: string;
}

/** A stretch of a rendered row: learned (loss counts), masked (context only), cut (beyond the context length). */
export interface RenderedSegment {
  readonly text: string;
  readonly kind: "learned" | "masked" | "cut";
}

/** A row as the model will see it. */
export interface RenderedRow {
  readonly line: number;
  readonly segments: readonly RenderedSegment[];
  readonly tokens: number;
  readonly learnedTokens: number;
  readonly problem: RowProblem | null;
}

/** A dataset measured with one model's tokenizer and template. */
export interface DatasetMeasure {
  readonly datasetId: string;
  readonly modelId: string;
  readonly rows: number;
  readonly tokens: number;
  readonly learnedTokens: number;
  readonly longestRow: number;
  readonly rowsCut: number;
  readonly rowsWithoutTarget: number;
  /** Which template rendered the rows: the file's own, or the fallback and why. */
  readonly template: string;
  readonly warnings: readonly string[];
}
