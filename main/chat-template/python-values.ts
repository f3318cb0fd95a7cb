import { Environment, type Interpreter } from "@huggingface/jinja";

/** A value while a template runs. The library exports no classes of it: values are told by `type`, and made by a scope. */
export type Value = ReturnType<Interpreter["evaluate"]>;

/** A plain value or function as one of a template. Functions are called with plain values. */
export function wrap(plain: unknown): Value {
  return new Environment().set("value", plain);
}

/** Makes the values that a plain one cannot stand for. */
export interface Factory {
  readonly float: (value: number) => Value;
  readonly list: (items: readonly Value[]) => Value;
  readonly tuple: (items: readonly Value[]) => Value;
}

export const isText = (value: Value): value is Value & { value: string } => value.type === "StringValue";
export const isNumber = (value: Value): value is Value & { value: number } =>
  value.type === "IntegerValue" || value.type === "FloatValue";

/** Items of a list or a tuple, null for others. */
export function itemsOf(value: Value): readonly Value[] | null {
  return Array.isArray(value.value) ? (value.value as readonly Value[]) : null;
}

/** Python's truth: nothing, zero and what is empty are false. */
export function isTrue(value: Value | undefined): boolean {
  return value?.__bool__().value ?? false;
}

/** A number as Python writes it: 2.0 keeps its point, and large and small ones have an exponent of two digits. */
export function numberText({ type, value }: Value & { value: number }): string {
  if (type === "IntegerValue") return String(value);
  if (!Number.isFinite(value)) return value > 0 ? "inf" : value < 0 ? "-inf" : "nan";
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e16 || size < 1e-4)) {
    return value.toExponential().replace(/e([+-])(\d)$/, "e$10$2");
  }
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}

/** What `{{ … }}` and `~` print: Python's `str`, and nothing for what is not defined. */
export function printed(value: Value): string {
  if (isText(value)) return value.value;
  return value.type === "UndefinedValue" ? "" : represented(value);
}

/** Python's `repr`. */
function represented(value: Value): string {
  switch (value.type) {
    case "StringValue":
      return quoted(value.value as string);
    case "NullValue":
    case "UndefinedValue":
      return "None";
    case "BooleanValue":
      return value.value ? "True" : "False";
    case "TupleValue": {
      const items = (itemsOf(value) ?? []).map(represented);
      return items.length === 1 ? `(${items[0]},)` : `(${items.join(", ")})`;
    }
    case "ArrayValue":
      return `[${(itemsOf(value) ?? []).map(represented).join(", ")}]`;
    case "ObjectValue": {
      const entries = value.value as ReadonlyMap<string, Value>;
      return `{${[...entries].map(([key, item]) => `${quoted(key)}: ${represented(item)}`).join(", ")}}`;
    }
    default:
      return isNumber(value) ? numberText(value) : value.toString();
  }
}

function quoted(text: string): string {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text
    .replaceAll("\\", "\\\\")
    .replaceAll("\n", "\\n")
    .replaceAll("\r", "\\r")
    .replaceAll("\t", "\\t")
    .replaceAll(mark, `\\${mark}`);
  return `${mark}${escaped}${mark}`;
}

/** Python's `==`: values of different kinds are never equal, numbers and truth values are of one kind. */
export function equalValues(left: Value, right: Value): boolean {
  const number = (value: Value) =>
    isNumber(value) ? value.value : value.type === "BooleanValue" ? Number(value.value) : null;
  const [one, other] = [number(left), number(right)];
  if (one !== null && other !== null) return one === other;
  if (left.type !== right.type) return false;
  const [items, others] = [itemsOf(left), itemsOf(right)];
  if (items && others)
    return items.length === others.length && items.every((item, index) => equalValues(item, others[index] as Value));
  if (left.type === "ObjectValue") {
    const [map, otherMap] = [left.value as ReadonlyMap<string, Value>, right.value as ReadonlyMap<string, Value>];
    return (
      map.size === otherMap.size &&
      [...map].every(([key, item]) => {
        const found = otherMap.get(key);
        return found !== undefined && equalValues(item, found);
      })
    );
  }
  return left.value === right.value;
}

/** Below 0, 0 or above 0, as Python orders numbers, texts and lists. Values of different kinds have no order. */
export function compareValues(left: Value, right: Value): number {
  const number = (value: Value) =>
    isNumber(value) ? value.value : value.type === "BooleanValue" ? Number(value.value) : null;
  const [one, other] = [number(left), number(right)];
  if (one !== null && other !== null) return one - other;
  if (isText(left) && isText(right)) return compareTexts(left.value, right.value);
  const [items, others] = [itemsOf(left), itemsOf(right)];
  if (!items || !others || left.type !== right.type) throw new Error(`${left.type} and ${right.type} have no order`);
  for (const [index, item] of items.entries()) {
    const against = others[index];
    if (against === undefined) return 1;
    const order = equalValues(item, against) ? 0 : compareValues(item, against);
    if (order !== 0) return order;
  }
  return items.length - others.length;
}

/** By code points, which surrogates are not in the order of. */
function compareTexts(left: string, right: string): number {
  const [one, other] = [[...left], [...right]];
  const place = one.findIndex((character, index) => character !== other[index]);
  if (place < 0) return one.length - other.length;
  return (one[place]?.codePointAt(0) ?? 0) - (other[place]?.codePointAt(0) ?? -1);
}
