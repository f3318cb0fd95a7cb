import { ChatTemplate } from "@main/chat-template/template";
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
