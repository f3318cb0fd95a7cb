/** A row of a file before anyone knows its format: its value, or why it could not be read. `line` counts from 1. */
export type RawRow =
  | { readonly line: number; readonly value: unknown }
  | { readonly line: number; readonly refusal: RowRefusal };

/** Why one row cannot be used. The row is left out; the import goes on. */
export class RowRefusal extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly hint: string,
  ) {
    super(message);
  }
}

/** Limits that keep a hostile or mistaken file from filling the memory. */
export const limits = {
  fileBytes: 4 * 1024 ** 3,
  rowBytes: 4 * 1024 ** 2,
  rows: 5_000_000,
  messages: 1000,
} as const;
