import { Environment, type Interpreter } from "@huggingface/jinja";

/** A value while a template runs. The library exports no classes of it: values are told by `type`, and made by a scope. */
export type Value = ReturnType<Interpreter["evaluate"]>;

/** A plain value or function as one of a template. Functions are called with plain values. */
export function wrap(plain: unknown): Value {
  return new Environment().set("value", plain);
}

export const isText = (value: Value): value is Value & { value: string } => value.type === "StringValue";
export const isNumber = (value: Value): value is Value & { value: number } =>
  value.type === "IntegerValue" || value.type === "FloatValue";

/** Items of a list or a tuple, null for others. */
export function itemsOf(value: Value): readonly Value[] | null {
  return Array.isArray(value.value) ? (value.value as readonly Value[]) : null;
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
      return value.toString();
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
