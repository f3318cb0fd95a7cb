import { isNumber, isText, isTrue, itemsOf, numberText, type Value } from "@main/chat-template/python-values";

/** Python's `json.dumps` with non-ASCII characters kept, which is what `tojson` of chat templates is. */
export function jsonText(value: Value, options: ReadonlyMap<string, Value>): string {
  const indent = options.get("indent");
  const steps = indent && isNumber(indent) ? indent.value : null;
  const [item, key] = separators(options.get("separators"), steps !== null);
  const sorted = isTrue(options.get("sort_keys"));
  const ascii = isTrue(options.get("ensure_ascii"));

  const enclosed = (open: string, parts: readonly string[], close: string, depth: number) => {
    if (parts.length === 0) return open + close;
    if (steps === null) return open + parts.join(item) + close;
    const line = `\n${" ".repeat(steps * (depth + 1))}`;
    return `${open}${line}${parts.join(`${item}${line}`)}\n${" ".repeat(steps * depth)}${close}`;
  };
  const text = (value: string) => {
    const quoted = JSON.stringify(value);
    // The limit of ASCII that is meant leaves DEL alone.
    return ascii
      ? quoted.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
      : quoted;
  };
  const write = (part: Value, depth: number): string => {
    if (isText(part)) return text(part.value);
    if (isNumber(part)) return numberText(part);
    if (part.type === "BooleanValue") return String(part.value);
    const items = itemsOf(part);
    if (items)
      return enclosed(
        "[",
        items.map((each) => write(each, depth + 1)),
        "]",
        depth,
      );
    if (part.type === "ObjectValue") {
      const entries = [...(part.value as ReadonlyMap<string, Value>)];
      if (sorted) entries.sort(([a], [b]) => (a < b ? -1 : 1));
      return enclosed(
        "{",
        entries.map(([name, each]) => text(name) + key + write(each, depth + 1)),
        "}",
        depth,
      );
    }
    if (part.type === "NullValue" || part.type === "UndefinedValue") return "null";
    throw new Error(`tojson cannot write a ${part.type}`);
  };
  return write(value, 0);
}

function separators(given: Value | undefined, indented: boolean): readonly [string, string] {
  const [item, key] = (given && itemsOf(given)) ?? [];
  if (item && key) return [String(item.value), String(key.value)];
  return [indented ? "," : ", ", ": "];
}
