import { readFileSync } from "node:fs";
import { ChatTemplate, type TemplateMessage } from "@main/chat-template/template";

/** One case of tests/fixtures/chat_cases.json: renderings by Jinja2 in Python, spans in bytes, tokens and masks. */
export interface ChatCase {
  readonly template: string;
  readonly vocabulary: string;
  readonly messages: readonly TemplateMessage[];
  readonly options: Readonly<Record<string, unknown>>;
  readonly text: string;
  readonly tag_spans: readonly (readonly [number, number])[] | null;
  readonly diff_spans: readonly (readonly [number, number])[] | null;
  readonly diff_problem?: string;
  readonly ids: readonly number[];
  readonly tag_mask: readonly number[] | null;
  readonly diff_mask: readonly number[] | null;
  readonly error?: string;
}

const file = new URL("../../fixtures/chat_cases.json", import.meta.url);

export const { templates, cases } = JSON.parse(readFileSync(file, "utf8")) as {
  readonly templates: Readonly<Record<string, string>>;
  readonly cases: readonly ChatCase[];
};

/** Special tokens of the vocabularies that the cases were made with. */
const specials: Readonly<Record<string, { bos: string; eos: string }>> = {
  "gemma3-q8_0.gguf": { bos: "<bos>", eos: "<eos>" },
  "llama-f16.gguf": { bos: "<|begin_of_text|>", eos: "<|eot_id|>" },
  "llama-q6_k.gguf": { bos: "<|endoftext|>", eos: "<|im_end|>" },
  "qwen2-q5_k.gguf": { bos: "<|endoftext|>", eos: "<|im_end|>" },
};

export function templateOf(one: ChatCase): ChatTemplate {
  const { bos = "", eos = "" } = specials[one.vocabulary] ?? {};
  return new ChatTemplate(templates[one.template] ?? "", {
    bos_token: bos,
    eos_token: eos,
    unk_token: "",
    pad_token: "",
  });
}

export function nameOf(one: ChatCase, index: number): string {
  return `${index} ${one.template}: ${one.messages.map(({ role, content }) => `${role[0]} ${JSON.stringify(content.slice(0, 12))}`).join(", ")}`;
}
