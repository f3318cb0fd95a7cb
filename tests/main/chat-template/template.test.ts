import { readFileSync } from "node:fs";
import { parseWithFloats } from "@main/chat-template/python-numbers";
import { ChatTemplate, type TemplateMessage } from "@main/chat-template/template";
import { describe, expect, it } from "vitest";
import { cases, nameOf, templateOf } from "./fixtures";

const noTokens = { bos_token: "", eos_token: "", unk_token: "", pad_token: "" };
const render = (source: string, content = "hi") =>
  new ChatTemplate(source, noTokens).render([{ role: "user", content }], { addGenerationPrompt: false });

describe("a chat template renders as Jinja2 does", () => {
  it.each(cases.map((one, index) => ({ name: nameOf(one, index), one })))("$name", ({ one }) => {
    const go = () => templateOf(one).render(one.messages, { addGenerationPrompt: false, extras: one.options });
    if (one.error !== undefined) expect(go).toThrow(one.error);
    else expect(go()).toBe(one.text);
  });
});

interface PythonCase {
  readonly template: string;
  readonly messages: readonly TemplateMessage[];
  readonly options: Record<string, unknown>;
  readonly text?: string;
  readonly error?: string;
}

/** Further templates, rendered by Jinja2 in Python: its text methods, printing, comparisons and white space. */
const python = JSON.parse(readFileSync(new URL("../../fixtures/chat_python_cases.json", import.meta.url), "utf8")) as {
  readonly templates: Record<string, string>;
  readonly cases: readonly PythonCase[];
};

/** Expressions and what Jinja2 in Python prints for them; null where it fails. */
const expressions = JSON.parse(
  readFileSync(new URL("../../fixtures/jinja_expressions.json", import.meta.url), "utf8"),
) as readonly (readonly [string, string | null])[];

describe("an expression prints as in Python", () => {
  const messages = [
    { role: "user", content: "hi" },
    { role: "assistant", content: "ok" },
  ];
  it.each(expressions)("%s", (expression, text) => {
    const go = () =>
      new ChatTemplate(`{{ ${expression} }}|`, noTokens).render(messages, { addGenerationPrompt: false });
    if (text === null) expect(go).toThrow();
    else expect(go()).toBe(`${text}|`);
  });

  it("tells floats from whole numbers in what a conversation brings along", () => {
    const extras = parseWithFloats('{"tools": [{"a": 1.0, "b": 1, "c": "1.0", "d": 2e3, "e": [0.5]}]}');
    const go = new ChatTemplate("{{ tools | tojson }} {{ tools[0].a }}", noTokens);
    const text = go.render(messages, { addGenerationPrompt: false, extras: extras as Record<string, unknown> });
    expect(text).toBe('[{"a": 1.0, "b": 1, "c": "1.0", "d": 2000.0, "e": [0.5]}] 1.0');
  });
});

describe("a chat template behaves as in Python", () => {
  it.each(python.cases.map((one, index) => ({ name: `${index} ${one.template}`, one })))("$name", ({ one }) => {
    const chat = () => new ChatTemplate(python.templates[one.template] ?? "", noTokens);
    const go = () => chat().render(one.messages, { addGenerationPrompt: false, extras: one.options });
    if (one.text === undefined) expect(go).toThrow();
    else expect(go()).toBe(one.text);
  });

  it.each([
    ["{{ '\\n\\nx\\n'.strip('\\n') }}|{{ '--a-'.lstrip('-') }}|{{ ' a '.rstrip() }}|", "x|a-| a|"],
    ["{{ 'hELLO wORLD'.title() }} {{ 'ABC' | capitalize }}", "Hello World Abc"],
    [
      "{{ none }} {{ true }} {{ [1, 'a', none, 1.5] }} {{ {'k': [true]} }} {{ ('x', 1) }}",
      "None True [1, 'a', None, 1.5] {'k': [True]} ('x', 1)",
    ],
    [
      "{{ nothing == none }} {{ 1 == '1' }} {{ 0 == '' }} {{ 1 == 1.0 }} {{ [1, [2]] == [1, [2]] }}",
      "False False False True True",
    ],
    ["{{ 'a' ~ none ~ 1 ~ nothing ~ true }} {{ 'ab' * 2 }} {{ 'b' in ['a', 'b'] }}", "aNone1True abab True"],
    ["{{ ['a', 'bc'] | map('length') | list }} {{ 3 | string }} {{ none.x is defined }}", "[1, 2] 3 False"],
    ["  {%+ if true %}x{% endif +%}\n  y", "  x\n  y"],
  ])("%s", (source, text) => {
    expect(render(source)).toBe(text);
  });

  it("says that what is not defined has no parts", () => {
    expect(() => render("{{ nothing.part }}")).toThrow(/what is not defined has no part/);
    expect(() => render("{{ messages[7].content }}")).toThrow(/what is not defined has no content/);
  });

  it("does not repeat a text without end", () => {
    expect(() => render("{{ 'x' * 1000000000 }}")).toThrow(/asks for too much/);
  });
});

describe("a hostile template", () => {
  it("is stopped after its steps", () => {
    const loop =
      "{% for a in range(1000) %}{% for b in range(1000) %}{% for c in range(1000) %}{% endfor %}{{ b }}{% endfor %}{% endfor %}";
    expect(() => render(loop)).toThrow(/asks for too much/);
  });

  it("cannot ask for an endless range", () => {
    expect(() => render("{% for a in range(1000000000) %}x{% endfor %}")).toThrow(/a range of 1000000000/);
  });

  it("cannot double a text until memory is gone", () => {
    const bomb = `{% set ns = namespace(t='${"x".repeat(1024)}') %}{% for a in range(40) %}{% set ns.t = ns.t + ns.t %}{% endfor %}`;
    expect(() => render(bomb)).toThrow(/asks for too much/);
  });

  it("cannot nest for ever", () => {
    expect(() => render(`{{ ${"(".repeat(50_000)}1${")".repeat(50_000)} }}`)).toThrow(/nested too deeply/);
    expect(() => render(`{{ ${"not ".repeat(1_500)}true }}`)).toThrow(/asks for too much|nested too deeply/);
  });

  it("is refused when it is too long to be one", () => {
    expect(() => new ChatTemplate("x".repeat(2 ** 20 + 1), noTokens)).toThrow(/at most 1048576/);
  });

  it("reaches nothing but its data", () => {
    expect(render("{{ messages[0].constructor }}{{ messages.constructor }}{{ process }}")).not.toMatch(
      /function|object/i,
    );
  });

  it("is told apart by where it cannot be read", () => {
    expect(() => new ChatTemplate("{% for %}", noTokens)).toThrow(/cannot be read/);
  });
});

describe("a chat template says no", () => {
  it("in its own words", () => {
    expect(() => render("{{ raise_exception('no system messages') }}")).toThrow(/no system messages/);
  });
});

describe("a chat template tells the time", () => {
  it("in the codes that templates use", () => {
    expect(render("{{ strftime_now('%Y-%m-%d') }}")).toMatch(/^\d{4}-\d\d-\d\d$/);
  });
});
