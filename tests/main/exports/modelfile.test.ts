import { fallbackTemplates } from "@main/chat-template/fallbacks";
import { ChatTemplate } from "@main/chat-template/template";
import type { EngineClient } from "@main/engine/client";
import { modelfileText, ollamaTemplate } from "@main/exports/modelfile";
import { describe, expect, it } from "vitest";

const model = { path: "tiny.gguf", device: "cpu", threads: 0 };

/** An engine that renders with this template. */
function rendering(source: string, bos = ""): EngineClient {
  const template = new ChatTemplate(source, { bos_token: bos, eos_token: "</s>", unk_token: "", pad_token: "" });
  const prompts: EngineClient["models"]["prompts"] = async ({ conversations }) => ({
    texts: conversations.map((messages) => template.render(messages, { addGenerationPrompt: true })),
    bos,
  });
  return { models: { prompts } } as unknown as EngineClient;
}

describe("a chat template in the language of Ollama", () => {
  it("is found where it comes down to fixed texts around each message", async () => {
    const chatml = fallbackTemplates.find(({ token }) => token.includes("im_start"));
    expect(await ollamaTemplate(rendering(chatml?.source ?? ""), model)).toBe(
      '{{ range .Messages }}{{ if eq .Role "system" }}<|im_start|>system\n{{ .Content }}<|im_end|>\n' +
        '{{ else if eq .Role "user" }}<|im_start|>user\n{{ .Content }}<|im_end|>\n<|im_start|>assistant\n' +
        '{{ else if eq .Role "assistant" }}{{ .Content }}<|im_end|>\n{{ end }}{{ end }}',
    );
  });

  it("leaves out the beginning token, which Ollama's own tokenizer adds", async () => {
    const source =
      "{{ bos_token }}{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}{% if add_generation_prompt %}<assistant>{% endif %}";
    const text = await ollamaTemplate(rendering(source, "<s>"), model);
    expect(text).toContain('{{ if eq .Role "system" }}<system>{{ .Content }}');
    expect(text).not.toContain("<s>");
  });

  it.each([
    ["counts its messages", "{% for m in messages %}[{{ loop.index }}]{{ m.content }}{% endfor %}"],
    [
      "refuses a system message",
      "{% for m in messages %}{% if m.role == 'system' %}{{ raise_exception('no') }}{% endif %}<{{ m.role }}>{{ m.content }}{% endfor %}",
    ],
    [
      "puts the system message into the question",
      "{% for m in messages %}{% if m.role != 'system' %}<{{ m.role }}>{% if loop.index0 == 1 and messages[0].role == 'system' %}{{ messages[0].content }} {% endif %}{{ m.content }}{% endif %}{% endfor %}",
    ],
    [
      "shows only the last answer",
      "{% for m in messages %}{% if m.role == 'user' or loop.last %}<{{ m.role }}>{{ m.content }}{% endif %}{% endfor %}",
    ],
    ["holds what would be a tag there", "{% for m in messages %}{{ '{{' }}{{ m.role }}>{{ m.content }}{% endfor %}"],
  ])("is left to Ollama where the template %s", async (_, source) => {
    expect(await ollamaTemplate(rendering(source), model)).toBeNull();
  });

  it("stands in a Modelfile with relative paths", () => {
    expect(modelfileText("my base.gguf", "adapter/a.gguf", null)).toBe(
      'FROM "./my base.gguf"\nADAPTER "./adapter/a.gguf"\n',
    );
    expect(modelfileText("b.gguf", "a.gguf", "x\ny")).toContain('TEMPLATE """x\ny"""');
  });
});
