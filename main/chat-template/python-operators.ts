import { templateLimits, tooMuch } from "@main/chat-template/limits";
import { formatted } from "@main/chat-template/python-format";
import {
  compareValues,
  type Factory,
  isNumber,
  isText,
  itemsOf,
  type Value,
  wrap,
} from "@main/chat-template/python-values";

const comparisons: Readonly<Record<string, (order: number) => boolean>> = {
  "<": (order) => order < 0,
  "<=": (order) => order <= 0,
  ">": (order) => order > 0,
  ">=": (order) => order >= 0,
};

/** Operators where the library differs from Python; null where it does not. */
export function ownOperator(operator: string, left: Value, right: Value, make: Factory): Value | null {
  const compare = comparisons[operator];
  if (compare && left.type !== "UndefinedValue" && right.type !== "UndefinedValue")
    return wrap(compare(compareValues(left, right)));
  if (operator === "+" && isText(left) !== isText(right))
    throw new Error(`${left.type} + ${right.type} makes no sense`);
  if (operator === "*" && isNumber(right)) {
    const items = itemsOf(left);
    if (isText(left)) return wrap(repeated(left.value, right.value));
    if (items) return make.list(repeatedItems(items, right.value));
  }
  if (operator === "%" && isText(left)) {
    const values = right.type === "TupleValue" ? itemsOf(right) : null;
    return wrap(formatted(left.value, values ?? [right]));
  }
  if (isNumber(left) && isNumber(right) && (operator === "/" || operator === "//" || operator === "%")) {
    if (right.value === 0) throw new Error("division by zero");
    // The rest has the sign of the divisor.
    const rest = ((left.value % right.value) + right.value) % right.value;
    if (operator === "%")
      return left.type === right.type && left.type === "IntegerValue" ? wrap(rest) : make.float(rest);
  }
  return null;
}

function repeated(text: string, times: number): string {
  if (text.length * times > templateLimits.outputCharacters) throw tooMuch("a text repeated too often");
  return text.repeat(Math.max(0, Math.floor(times)));
}

function repeatedItems(items: readonly Value[], times: number): Value[] {
  if (items.length * times > templateLimits.rangeLength) throw tooMuch("a list repeated too often");
  return Array.from({ length: Math.max(0, Math.floor(times)) }, () => items).flat();
}
