import type { Request } from "@shared/ipc/envelope";
import { z } from "zod";

/** JSON has no `undefined`: a call without an input comes without the field. */
const requestSchema = z.object({
  type: z.literal("request"),
  id: z.int().min(0),
  path: z.string().max(200),
  input: z.unknown().optional(),
});

/** What a window sent, if it is a request; windows send nothing else. */
export function parseRequest(message: unknown): Request | undefined {
  const parsed = requestSchema.safeParse(message);
  return parsed.success ? { ...parsed.data, input: parsed.data.input } : undefined;
}
