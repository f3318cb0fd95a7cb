import { assistantTexts } from "@main/chat-template/assistant-spans";
import { ChatTemplate } from "@main/chat-template/template";
import { byteSpans } from "@main/chat-template/token-mask";
import { describe, expect, it } from "vitest";
import { cases, nameOf, templateOf, templates } from "./fixtures";

const noTokens = { bos_token: "", eos_token: "", unk_token: "", pad_token: "" };
const template = (source: string) => new ChatTemplate(source, noTokens);
const learned = (chat: ChatTemplate, messages: { role: string; content: string }[], extras?: Record<string, unknown>) =>
  assistantTexts(chat, messages, extras).examples.map(({ text, spans }) =>
    spans.map(({ begin, end }) => text.slice(begin, end)),
  );

const usable = cases
  .map((one, index) => ({ name: nameOf(one, index), one }))
  .filter(({ one }) => one.error === undefined);

describe("generation tags", () => {
  it.each(usable.filter(({ one }) => one.tag_spans !== null))("give the spans of $name", ({ one }) => {
    const marked = templateOf(one).renderMarked(one.messages, one.options);
    expect(marked?.text).toBe(one.text);
    expect(byteSpans(one.text, marked?.spans ?? []).map(({ begin, end }) => [begin, end])).toEqual(one.tag_spans);
  });

  it("keep the white space around them as the author wrote it", () => {
    const source =
      "{%- for m in messages %}\n  {%- generation -%}\n  {{ m.content }}!\n  {%- endgeneration %}\n{%- endfor %}";
    expect(template(source).renderMarked([{ role: "assistant", content: "hi" }])).toEqual({
      text: "hi!",
      spans: [{ begin: 0, end: 3 }],
    });
  });
});

describe("prefixes", () => {
  it.each(usable.filter(({ one }) => one.tag_spans === null && one.diff_spans !== null))(
    "give the answers of $name",
    ({ one }) => {
      const { examples, method } = assistantTexts(templateOf(one), one.messages, one.options);
      expect(method).toBe("prefixes");
      const [example = { text: "", spans: [] }] = examples;
      expect(example.text).toBe(one.text);
      const spans = byteSpans(example.text, example.spans);
      // The recorded spans end behind the end token; ours may reach over the white space that follows, which the mask leaves out.
      expect(spans.map(({ begin }) => begin)).toEqual(one.diff_spans?.map(([begin]) => begin));
      const bytes = Buffer.from(one.text);
      for (const [index, { end }] of spans.entries()) {
        const recorded = one.diff_spans?.[index]?.[1] ?? 0;
        expect(bytes.subarray(recorded, end).toString().trim()).toBe("");
      }
    },
  );

  it.each(usable.filter(({ one }) => one.diff_problem !== undefined && one.tag_spans === null))(
    "are not guessed in $name",
    ({ one }) => {
      let found: ReturnType<typeof assistantTexts>;
      try {
        found = assistantTexts(templateOf(one), one.messages, one.options);
      } catch (error) {
        expect(error).toMatchObject({ code: "row.template" });
        return;
      }
      const { method, examples, skippedThinkPrompt } = found;
      expect(method === "turn-by-turn" || skippedThinkPrompt).toBe(true);
      for (const { text, spans } of examples) {
        for (const { begin, end } of spans)
          expect(text.slice(0, begin) + text.slice(begin, end)).toBe(text.slice(0, end));
      }
    },
  );
});

describe("assistant texts", () => {
  const talk = [
    { role: "user", content: "q1" },
    { role: "assistant", content: "<think>\nlong\n</think>\n\nr1" },
    { role: "user", content: "q2" },
    { role: "assistant", content: "<think>\nmore\n</think>\n\nr2" },
  ];

  it("become one example per answer when the template drops earlier thoughts", () => {
    const found = assistantTexts(template(templates["drop-thinking"] ?? ""), talk);
    expect(found.method).toBe("turn-by-turn");
    expect(learned(template(templates["drop-thinking"] ?? ""), talk)).toEqual([
      ["<think>\nlong\n</think>\n\nr1<|im_end|>\n"],
      ["<think>\nmore\n</think>\n\nr2<|im_end|>\n"],
    ]);
  });

  it("begin before think tags that only the prompt has", () => {
    const chat = template(templates["drop-thinking"] ?? "");
    const messages = [
      { role: "user", content: "hi" },
      { role: "assistant", content: "<b>ok" },
    ];
    expect(learned(chat, messages, { enable_thinking: false })).toEqual([["<b>ok<|im_end|>\n"]]);
    expect(assistantTexts(chat, messages, { enable_thinking: false }).skippedThinkPrompt).toBe(true);
  });

  it("are refused when there is no answer", () => {
    expect(() => assistantTexts(template(templates.chatml ?? ""), [{ role: "user", content: "hi" }])).toThrow(
      /nothing to learn/,
    );
  });

  it("are refused when the prompt is another text than the beginning of the answer", () => {
    const odd =
      "{% for m in messages %}{{ m.role + m.content }}{% endfor %}{% if add_generation_prompt %}ANSWER: {% endif %}";
    expect(() =>
      assistantTexts(template(odd), [
        { role: "user", content: "a" },
        { role: "assistant", content: "b" },
      ]),
    ).toThrow(/is not the beginning of that message/);
  });

  it("are refused when the template renders the answer as nothing", () => {
    const deaf = "{% for m in messages if m.role == 'user' %}{{ m.content }}{% endfor %}";
    expect(() =>
      assistantTexts(template(deaf), [
        { role: "user", content: "a" },
        { role: "assistant", content: "b" },
      ]),
    ).toThrow(/renders assistant message 2 as nothing/);
  });

  it("fall back to prefixes when the tags wrap something else", () => {
    const wrong =
      "{% for m in messages %}{% generation %}{{ m.role + ':' + m.content + ';' }}{% endgeneration %}{% endfor %}{% if add_generation_prompt %}assistant:{% endif %}";
    expect(
      learned(template(wrong), [
        { role: "user", content: "a" },
        { role: "assistant", content: "b" },
      ]),
    ).toEqual([["b;"]]);
  });
});
