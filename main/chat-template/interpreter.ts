import { Environment, Interpreter } from "@huggingface/jinja";
import { templateLimits, tooMuch } from "@main/chat-template/limits";
import { pythonFilters } from "@main/chat-template/python-filters";
import { templateValue } from "@main/chat-template/python-numbers";
import { ownOperator } from "@main/chat-template/python-operators";
import { textMethods } from "@main/chat-template/python-strings";
import {
  equalValues,
  type Factory,
  isText,
  itemsOf,
  printed,
  type Value,
  wrap,
} from "@main/chat-template/python-values";
import { HoneError } from "@shared/errors";

type Node = Parameters<Interpreter["evaluate"]>[0];
type Scope = Parameters<Interpreter["evaluate"]>[1];

/** Jinja with a budget: steps, time, nesting and output are counted, and `range` is bounded. */
export class LimitedInterpreter extends Interpreter {
  readonly #deadline = performance.now() + templateLimits.milliseconds;
  #steps = 0;
  #depth = 0;
  #output = 0;

  override evaluate(node: Node, scope: Scope): ReturnType<Interpreter["evaluate"]> {
    if (++this.#steps > templateLimits.steps) throw tooMuch(`more than ${templateLimits.steps} steps`);
    if (this.#steps % 1024 === 0 && performance.now() > this.#deadline) {
      throw tooMuch(`more than ${templateLimits.milliseconds / 1000} seconds`);
    }
    if (++this.#depth > templateLimits.depth) throw tooMuch(`nesting deeper than ${templateLimits.depth}`);
    try {
      const result = this.#evaluate(node as LooseNode | undefined, scope);
      // Every string passes here; growing one by doubling is caught long before memory runs out.
      if (typeof result.value === "string" && result.value.length > 1024) {
        this.#output += result.value.length;
        if (
          result.value.length > templateLimits.outputCharacters ||
          this.#output > 16 * templateLimits.outputCharacters
        ) {
          throw tooMuch(`text longer than ${templateLimits.outputCharacters} characters`);
        }
      }
      return result;
    } finally {
      this.#depth -= 1;
    }
  }

  /** Where the library differs from Jinja in Python, its own way is taken; elsewhere what was computed is handed on. */
  #evaluate(node: LooseNode | undefined, scope: Scope): Value {
    // Left-out ends of slices.
    if (node === undefined) return super.evaluate(node as unknown as Node, scope);
    const known = (value: Value): LooseNode => ({ type: "Known", value });
    switch (node.type) {
      case "Known":
        return node.value as Value;
      case "Output":
        return wrap(printed(this.evaluate(node.body as Node, scope)));
      case "MemberExpression": {
        const object = this.evaluate(node.object as Node, scope);
        const name = node.computed ? null : (node.property as { readonly value?: unknown }).value;
        if (object.type === "UndefinedValue") throw new Error(`what is not defined has no ${name ?? "items"}`);
        if (object.type === "NullValue") return wrap(undefined);
        const method = isText(object) && typeof name === "string" && Object.hasOwn(textMethods, name);
        if (method) return wrap((...args: unknown[]) => textMethods[name]?.(object.value, ...args));
        return super.evaluate({ ...node, object: known(object) } as unknown as Node, scope);
      }
      case "FilterExpression": {
        const operand = this.evaluate(node.operand as Node, scope);
        const own = this.#ownFilter(operand, node.filter as LooseNode, scope);
        if (own) return own;
        const each = mappedFilter(operand, node.filter);
        if (each) {
          const filtered = each.items.map((item) => ({ ...node, operand: known(item), filter: each.filter }));
          return super.evaluate({ type: "ArrayLiteral", value: filtered } as unknown as Node, scope);
        }
        return super.evaluate({ ...node, operand: known(operand) } as unknown as Node, scope);
      }
      case "BinaryExpression": {
        const operator = (node.operator as { readonly value: string }).value;
        if (operator === "and" || operator === "or") break;
        const left = this.evaluate(node.left as Node, scope);
        const right = this.evaluate(node.right as Node, scope);
        if (operator === "==" || operator === "!=") return wrap(equalValues(left, right) === (operator === "=="));
        if (operator === "~") return wrap(printed(left) + printed(right));
        const list = operator === "in" || operator === "not in" ? itemsOf(right) : null;
        if (list) return wrap(list.some((item) => equalValues(item, left)) === (operator === "in"));
        const own = ownOperator(operator, left, right, this.#make(scope));
        if (own) return own;
        return super.evaluate({ ...node, left: known(left), right: known(right) } as unknown as Node, scope);
      }
    }
    return super.evaluate(node as unknown as Node, scope);
  }

  #ownFilter(operand: Value, { type, value, callee, args }: LooseNode, scope: Scope): Value | null {
    const name = String(type === "CallExpression" ? (callee as LooseNode).value : value);
    const filter = Object.hasOwn(pythonFilters, name) ? pythonFilters[name] : undefined;
    if (!filter) return null;
    const positional: Value[] = [];
    const named = new Map<string, Value>();
    for (const part of (args ?? []) as readonly LooseNode[]) {
      if (part.type === "KeywordArgumentExpression") {
        named.set(String((part.key as LooseNode).value), this.evaluate(part.value as Node, scope));
      } else {
        positional.push(this.evaluate(part as unknown as Node, scope));
      }
    }
    return filter(operand, { positional, named, tests: scope.tests }, this.#make(scope));
  }

  #make(scope: Scope): Factory {
    const literal = (type: string, value: unknown) => super.evaluate({ type, value } as unknown as Node, scope);
    const known = (items: readonly Value[]) => items.map((value) => ({ type: "Known", value }));
    return {
      float: (value) => literal("FloatLiteral", value),
      list: (items) => literal("ArrayLiteral", known(items)),
      tuple: (items) => literal("TupleLiteral", known(items)),
    };
  }
}

/** `map("length")`: another filter on every item. `map(attribute=…)` is the library's. */
function mappedFilter(operand: Value, filter: unknown): { items: readonly Value[]; filter: LooseNode } | null {
  const { type, callee, args } = filter as LooseNode;
  const items = itemsOf(operand);
  if (type !== "CallExpression" || (callee as LooseNode).value !== "map" || !items || !Array.isArray(args)) return null;
  const [name, ...more] = args as readonly LooseNode[];
  return name?.type === "StringLiteral" && more.length === 0
    ? { items, filter: { type: "Identifier", value: name.value } }
    : null;
}

/** A parsed template as far as it is looked at here. */
interface LooseNode {
  readonly type?: string;
  readonly [part: string]: unknown;
}

const statements = new Set([
  "If",
  "For",
  "Set",
  "Macro",
  "CallStatement",
  "FilterStatement",
  "Break",
  "Continue",
  "Comment",
]);

/**
 * Puts a text of no length into every loop, so that even a turn with nothing in it passes `evaluate` and is counted, and marks the
 * expressions that are printed.
 */
export function prepareProgram(node: unknown): void {
  if (Array.isArray(node)) {
    for (const item of node) prepareProgram(item);
  } else if (node instanceof Map) {
    for (const entry of node) prepareProgram(entry);
  } else if (node !== null && typeof node === "object") {
    for (const value of Object.values(node)) prepareProgram(value);
    for (const list of [(node as LooseNode).body, (node as LooseNode).alternate, (node as LooseNode).defaultBlock]) {
      if (!Array.isArray(list)) continue;
      for (const [index, part] of (list as LooseNode[]).entries()) {
        if (!statements.has(part.type ?? "") && part.type !== "Output") list[index] = { type: "Output", body: part };
      }
    }
    const { type, body } = node as LooseNode;
    if (type === "For" && Array.isArray(body)) body.unshift({ type: "StringLiteral", value: "" });
  }
}

/** The global scope of a chat template: data, and the few functions that such templates may call. */
export function templateScope(variables: Record<string, unknown>): Environment {
  const scope = new Environment();
  for (const [names, value] of [
    [["true", "True"], true],
    [["false", "False"], false],
    [["none", "None"], null],
  ] as const) {
    for (const name of names) scope.set(name, value);
  }
  scope.set("raise_exception", (message: unknown) => {
    throw new HoneError("template.refused", String(message).slice(0, 1_000));
  });
  scope.set("range", boundedRange);
  const tests = scope.tests as Map<string, (...values: Value[]) => boolean>;
  tests.set("float", (value) => value?.type === "FloatValue");
  scope.set("strftime_now", (format: unknown) => timeNow(String(format)));
  for (const [name, value] of Object.entries(variables)) {
    if (value !== undefined) scope.setVariable(name, templateValue(value));
  }
  return scope;
}

function boundedRange(first: number, second?: number, step = 1): number[] {
  const [from, to] = second === undefined ? [0, first] : [first, second];
  if (!Number.isInteger(step) || step === 0)
    throw new HoneError("template.error", "range() needs a whole step other than 0");
  const length = Math.max(0, Math.ceil((to - from) / step));
  if (!(length <= templateLimits.rangeLength)) throw tooMuch(`a range of ${length} numbers`);
  return Array.from({ length }, (_, index) => from + index * step);
}

const months = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];
const days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/** strftime for the codes that templates use; others stay as they are. */
function timeNow(format: string, now = new Date()): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const month = months[now.getMonth()] ?? "";
  const day = days[now.getDay()] ?? "";
  const codes: Record<string, string> = {
    Y: String(now.getFullYear()),
    y: two(now.getFullYear() % 100),
    m: two(now.getMonth() + 1),
    d: two(now.getDate()),
    B: month,
    b: month.slice(0, 3),
    A: day,
    a: day.slice(0, 3),
    H: two(now.getHours()),
    M: two(now.getMinutes()),
    S: two(now.getSeconds()),
    I: two(now.getHours() % 12 || 12),
    p: now.getHours() < 12 ? "AM" : "PM",
    e: String(now.getDate()).padStart(2, " "),
    "%": "%",
  };
  return format.replace(/%(-?)([A-Za-z%])/g, (whole, bare: string, code: string) => {
    const value = codes[code];
    if (value === undefined) return whole;
    return bare ? value.replace(/^[0 ](?=.)/, "") : value;
  });
}
