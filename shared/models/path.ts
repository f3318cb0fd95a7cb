import { z } from "zod";

/** A path as it comes from outside. Systems cut it at a zero byte, so one that holds one means two things. */
export const pathSchema = z
  .string()
  .min(1)
  .max(4096)
  .refine((path) => !path.includes("\0"), "A path holds no zero byte.");
