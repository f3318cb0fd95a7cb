import { formatted } from "@main/chat-template/python-format";
import { jsonText } from "@main/chat-template/python-json";
import { textMethods } from "@main/chat-template/python-strings";
import {
  compareValues,
  type Factory,
  isNumber,
  isText,
  isTrue,
  itemsOf,
  printed,
  type Value,
  wrap,
} from "@main/chat-template/python-values";

/** What stands in the brackets behind the name of a filter. */
export interface FilterArguments {
  readonly positional: readonly Value[];
  readonly named: ReadonlyMap<string, Value>;
  /** What may stand behind `is`. */
  readonly tests: ReadonlyMap<string, (...values: Value[]) => boolean>;
}

/** Null where the library's own filter is right. */
type Filter = (operand: Value, args: FilterArguments, make: Factory) => Value | null;

const argument = ({ positional, named }: FilterArguments, index: number, name: string): Value | undefined =>
  positional[index] ?? named.get(name);

/** Items of a list, names of an object, characters of a text. */
function elements(value: Value): readonly Value[] | null {
  if (isText(value)) return [...value.value].map(wrap);
  if (value.type === "ObjectValue") return [...(value.value as ReadonlyMap<string, Value>).keys()].map(wrap);
  return itemsOf(value);
}

function attributeOf(item: Value, name: Value | undefined): Value {
  if (name === undefined) return item;
  const found = (item.value as ReadonlyMap<unknown, Value>)?.get?.(name.value);
  return found ?? wrap(undefined);
}

const extreme =
  (sign: 1 | -1): Filter =>
  (operand, args) => {
    const attribute = args.named.get("attribute");
    let best: Value | undefined;
    for (const item of elements(operand) ?? []) {
      const better =
        best === undefined || sign * compareValues(attributeOf(item, attribute), attributeOf(best, attribute)) > 0;
      if (better) best = item;
    }
    return best ?? wrap(undefined);
  };

const pairs = (entries: Iterable<readonly [string, Value]>, make: Factory) =>
  make.list(Array.from(entries, ([key, value]) => make.tuple([wrap(key), value])));

const entriesOf = (operand: Value) =>
  operand.type === "ObjectValue" ? [...(operand.value as ReadonlyMap<string, Value>)] : null;

const round: Filter = (operand, args, make) => {
  if (!isNumber(operand)) return null;
  const digits = Number(argument(args, 0, "precision")?.value ?? 0);
  const method = String(argument(args, 1, "method")?.value ?? "common");
  const factor = 10 ** digits;
  const scaled = operand.value * factor;
  const away =
    method === "ceil" ? Math.ceil(scaled) : method === "floor" ? Math.floor(scaled) : evenly(operand, digits);
  const result = away / factor;
  return operand.type === "IntegerValue" && method === "common" ? wrap(Math.round(result)) : make.float(result);
};

/** Halves go to the even neighbour, as the number is stored and not as it is written: 2.675 to two digits is 2.67. */
function evenly({ value }: { readonly value: number }, digits: number): number {
  const factor = 10 ** digits;
  const floor = Math.floor(value * factor);
  if (digits <= 0 && value * factor - floor === 0.5) return floor % 2 === 0 ? floor : floor + 1;
  return digits > 0 ? Math.round(Number(value.toFixed(Math.min(digits, 100))) * factor) : Math.round(value * factor);
}

const fallback: Filter = (operand, args) => {
  const instead = argument(args, 0, "default_value") ?? wrap("");
  const empty = argument(args, 1, "boolean");
  return operand.type === "UndefinedValue" || (empty && isTrue(empty) && !isTrue(operand)) ? instead : operand;
};

const whole: Filter = (operand, args) => {
  const base = Number(argument(args, 1, "base")?.value ?? 10);
  if (operand.type === "FloatValue") return wrap(Math.trunc(Number(operand.value)));
  if (!isText(operand) || base === 10) return null;
  const found = Number.parseInt(operand.value, base);
  return Number.isNaN(found) ? (argument(args, 0, "default") ?? wrap(0)) : wrap(found);
};

const escaped: Filter = (operand) =>
  wrap(
    printed(operand)
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
      .replaceAll("'", "&#39;")
      .replaceAll('"', "&#34;"),
  );

const batch: Filter = (operand, args, make) => {
  const items = elements(operand);
  const size = Math.max(1, Math.floor(Number(args.positional[0]?.value ?? 1)));
  const fill = argument(args, 1, "fill_with");
  if (!items) return null;
  const rows = Array.from({ length: Math.ceil(items.length / size) }, (_, row) =>
    items.slice(row * size, (row + 1) * size),
  );
  return make.list(rows.map((row) => make.list(fill ? [...row, ...Array(size - row.length).fill(fill)] : row)));
};

/** `select`, `reject` and those that look at an attribute: the items that pass a test, or those that do not. */
const selection =
  (wanted: boolean, byAttribute: boolean): Filter =>
  (operand, { positional, tests }, make) => {
    const items = elements(operand);
    if (!items) return null;
    const attribute = byAttribute ? positional[0] : undefined;
    const [name, ...values] = positional.slice(byAttribute ? 1 : 0);
    const test = name ? tests.get(String(name.value)) : isTrue;
    if (!test) throw new Error(`there is no test ${String(name?.value).slice(0, 100)}`);
    const passes = (item: Value) => test(attributeOf(item, attribute), ...values) === wanted;
    return make.list(items.filter(passes));
  };

/** Filters of Jinja in Python that the library lacks or does otherwise. */
export const pythonFilters: Readonly<Record<string, Filter>> = {
  sum: (operand, args, make) => {
    const attribute = argument(args, 0, "attribute");
    const numbers = (elements(operand) ?? []).map((item) => attributeOf(item, attribute));
    const all = [argument(args, 1, "start") ?? wrap(0), ...numbers];
    const strange = all.find((item) => !isNumber(item) && item.type !== "BooleanValue");
    if (strange) throw new Error(`sum adds numbers, not ${strange.type}`);
    const total = all.reduce((sum, { value }) => sum + Number(value), 0);
    return all.some(({ type }) => type === "FloatValue") ? make.float(total) : wrap(total);
  },
  max: extreme(1),
  min: extreme(-1),
  round,
  default: fallback,
  d: fallback,
  int: whole,
  float: (operand, _, make) => (isNumber(operand) ? make.float(operand.value) : null),
  reverse: (operand) => (isText(operand) ? wrap([...operand.value].reverse().join("")) : null),
  first: (operand) => elements(operand)?.[0] ?? wrap(undefined),
  last: (operand) => elements(operand)?.at(-1) ?? wrap(undefined),
  list: (operand, _, make) => (itemsOf(operand) ? null : make.list(elements(operand) ?? [])),
  items: (operand, _, make) => {
    const entries = entriesOf(operand);
    return entries && pairs(entries, make);
  },
  dictsort: (operand, { positional, named }, make) => {
    const entries = entriesOf(operand);
    if (!entries || positional.length > 0 || named.size > 0) return null;
    return pairs(
      entries.sort(([a], [b]) => compareValues(wrap(a.toLowerCase()), wrap(b.toLowerCase()))),
      make,
    );
  },
  batch,
  select: selection(true, false),
  reject: selection(false, false),
  selectattr: selection(true, true),
  rejectattr: selection(false, true),
  string: (operand) => wrap(printed(operand)),
  trim: (operand, args) =>
    isText(operand) ? wrap(textMethods.strip?.(operand.value, argument(args, 0, "chars")?.value)) : null,
  title: (operand) => (isText(operand) ? wrap(titled(operand.value)) : null),
  capitalize: (operand) => (isText(operand) ? wrap(textMethods.capitalize?.(operand.value)) : null),
  format: (operand, { positional }) => (isText(operand) ? wrap(formatted(operand.value, positional)) : null),
  escape: escaped,
  e: escaped,
  wordcount: (operand) => wrap((printed(operand).match(/[\p{L}\p{N}_]+/gu) ?? []).length),
  tojson: (operand, args) => wrap(jsonText(operand, args.named)),
};

/** Unlike the method of that name, the filter begins a word behind white space, hyphens and brackets only. */
const titled = (text: string) =>
  text.replace(/[^-\s({[<]+/gu, (word) => {
    const [first = "", ...rest] = word;
    return first.toUpperCase() + rest.join("").toLowerCase();
  });
