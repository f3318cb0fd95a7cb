import { type Value, wrap } from "@main/chat-template/python-values";

/** A number that JSON writes with a point or an exponent though it is whole: a float in Python, where JavaScript has one kind. */
class WholeFloat {
  constructor(readonly value: number) {}
}

const mark = "\u0001float";

/** `JSON.parse` that remembers which whole numbers are floats; `templateValue` knows them. */
export function parseWithFloats(text: string): unknown {
  const marked = text.replace(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g, (part) =>
    /^"|^-?\d+$/.test(part) || !Number.isInteger(Number(part))
      ? part
      : `{"${mark.replace("\u0001", "\\u0001")}":${part}}`,
  );
  return JSON.parse(marked, (_, value: unknown) =>
    value !== null && typeof value === "object" && mark in value ? new WholeFloat(Number(value[mark])) : value,
  );
}

/** A plain value as one of a template. */
export function templateValue(plain: unknown): Value {
  const value = wrap(plain);
  if (plain instanceof WholeFloat) return Object.assign(wrap(0.5), { value: plain.value });
  if (Array.isArray(plain)) {
    const items = value.value as unknown as Value[];
    for (const [index, item] of plain.entries()) items[index] = templateValue(item);
  } else if (plain !== null && typeof plain === "object") {
    const entries = value.value as unknown as Map<string, Value>;
    for (const [key, item] of Object.entries(plain)) entries.set(key, templateValue(item));
  }
  return value;
}
