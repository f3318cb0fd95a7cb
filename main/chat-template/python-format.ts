import { isNumber, printed, type Value } from "@main/chat-template/python-values";

const widest = 1_000;

/** Python's `%` on texts: %s, %d, %i, %f, %x and %% with the flags - and 0, a width and a precision. */
export function formatted(pattern: string, values: readonly Value[]): string {
  let next = 0;
  const text = pattern.replace(/%([-0]*)(\d*)(?:\.(\d+))?([a-zA-Z%])/g, (whole, flags: string, width, digits, kind) => {
    if (kind === "%") return "%";
    const value = values[next];
    next += 1;
    if (value === undefined) throw new Error(`there are not enough values for ${JSON.stringify(pattern)}`);
    const body = convert(value, kind, digits === undefined ? null : Number(digits), whole);
    const room = Math.min(Number(width), widest);
    if (flags.includes("-")) return body.padEnd(room);
    const sign = flags.includes("0") && body.startsWith("-") ? "-" : "";
    return flags.includes("0") && kind !== "s"
      ? sign + body.slice(sign.length).padStart(room - sign.length, "0")
      : body.padStart(room);
  });
  if (next < values.length) throw new Error(`there are too many values for ${JSON.stringify(pattern)}`);
  return text;
}

function convert(value: Value, kind: string, digits: number | null, whole: string): string {
  if (kind === "s") return digits === null ? printed(value) : printed(value).slice(0, digits);
  if (!isNumber(value)) throw new Error(`${whole} needs a number`);
  switch (kind) {
    case "d":
    case "i":
      return String(Math.trunc(value.value));
    case "f":
      return value.value.toFixed(Math.min(digits ?? 6, 100));
    case "x":
      return Math.trunc(value.value).toString(16);
    default:
      throw new Error(`${whole} is not known`);
  }
}
