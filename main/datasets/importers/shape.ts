import { RowRefusal } from "@main/datasets/raw-row";

export type Row = Readonly<Record<string, unknown>>;

/** A found value in words, for messages. */
export function describe(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "string")
    return value.trim() === "" ? "empty text" : `the text ${JSON.stringify(value.slice(0, 40))}`;
  if (typeof value === "object") return "an object";
  return `the ${typeof value} ${String(value)}`;
}

export function refuse(field: string, expected: string, found: unknown, hint = ""): never {
  throw new RowRefusal("dataset.row-shape", `Field "${field}": expected ${expected}, found ${describe(found)}.`, hint);
}

export function objectRow(value: unknown): Row {
  if (value !== null && typeof value === "object" && !Array.isArray(value)) return value as Row;
  throw new RowRefusal(
    "dataset.row-shape",
    `The row: expected an object with named fields, found ${describe(value)}.`,
    'Each row must look like {"messages": […]} or another known format.',
  );
}

export function textField(row: Row, field: string): string {
  const value = row[field];
  return typeof value === "string" ? value : refuse(field, "text", value);
}

/** Text that says something. */
export function filledField(row: Row, field: string): string {
  const text = textField(row, field);
  return text.trim() === "" ? refuse(field, "text that is not empty", text) : text;
}

export function optionalField(row: Row, field: string): string {
  return row[field] === undefined || row[field] === null ? "" : textField(row, field);
}
