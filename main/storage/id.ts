import { randomBytes } from "node:crypto";

/** A new id, safe as a file name. */
export function newId(): string {
  return randomBytes(8).toString("hex");
}

export function now(): string {
  return new Date().toISOString();
}
