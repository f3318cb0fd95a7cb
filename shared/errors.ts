import { z } from "zod";

/** An error as it travels between processes. `code` is stable and dotted; `hint` says what to do ("" when nothing can be). */
export const errorDataSchema = z.object({
  code: z.string(),
  message: z.string(),
  hint: z.string(),
  /** Facts a screen can act on, such as `{ neededBytes, availableBytes }` or `{ file, line }`. */
  details: z.record(z.string(), z.unknown()).optional(),
});
export type ErrorData = z.infer<typeof errorDataSchema>;

/** The one error of Hone's TypeScript. It keeps the identity an engine error was born with. */
export class HoneError extends Error {
  override readonly name = "HoneError";
  readonly code: string;
  readonly hint: string;
  readonly details: Record<string, unknown> | undefined;

  constructor(code: string, message: string, hint = "", details?: Record<string, unknown>, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.hint = hint;
    this.details = details;
  }
}

/** What is thrown may be anything; what is sent is always this. Errors of the addon carry `code` and `hint` as properties. */
export function toErrorData(error: unknown): ErrorData {
  if (error instanceof Error) {
    const { code, hint, details } = error as Error & { code?: unknown; hint?: unknown; details?: unknown };
    return {
      code: typeof code === "string" ? code : "internal",
      message: error.message,
      hint: typeof hint === "string" ? hint : "",
      ...(details && typeof details === "object" ? { details: details as Record<string, unknown> } : {}),
    };
  }
  return { code: "internal", message: String(error), hint: "" };
}

export function fromErrorData(data: ErrorData): HoneError {
  return new HoneError(data.code, data.message, data.hint, data.details);
}
