import { Environment, Interpreter } from "@huggingface/jinja";
import { templateLimits } from "@main/chat-template/limits";
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
      const result = super.evaluate(node, scope);
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
}

/** A parsed template as far as it is looked at here. */
interface LooseNode {
  readonly type?: string;
  readonly body?: unknown;
}

/** Puts a text of no length into every loop, so that even a turn with nothing in it passes `evaluate` and is counted. */
export function countTurns(node: unknown): void {
  if (Array.isArray(node)) {
    for (const item of node) countTurns(item);
  } else if (node !== null && typeof node === "object") {
    for (const value of Object.values(node)) countTurns(value);
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
  scope.set("strftime_now", (format: unknown) => timeNow(String(format)));
  for (const [name, value] of Object.entries(variables)) if (value !== undefined) scope.set(name, value);
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

function tooMuch(what: string): HoneError {
  return new HoneError(
    "template.limit",
    `The chat template asks for too much: ${what}.`,
    "The template may be faulty or hostile.",
  );
}
