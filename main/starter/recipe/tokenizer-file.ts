import { chatTemplate } from "./chat-template";
import { encodeMetadata, type MetadataValue } from "./gguf-metadata";
import { preTokenizer, specialTokens, type Vocabulary } from "./tokens";

const control = 3;
const normal = 1;

/** The metadata that pre-training copies into the model file: who it is, its tokenizer and its chat template. */
export function tokenizerFile(vocabulary: Vocabulary): Buffer {
  const [endOfText, , endOfTurn] = specialTokens.map((token) => vocabulary.tokens.indexOf(token)) as [
    number,
    number,
    number,
  ];
  const text = (value: string): MetadataValue => ({ type: "string", value });
  const id = (value: number): MetadataValue => ({ type: "u32", value });
  return encodeMetadata([
    ["general.architecture", text("bitnet")],
    ["general.type", text("model")],
    ["general.name", text("Hone Starter")],
    ["general.organization", text("Hone")],
    ["general.description", text("A small ternary model for short everyday conversations, made to be tuned.")],
    ["general.license", text("Apache-2.0")],
    ["general.size_label", text("4M")],
    ["general.languages", { type: "strings", value: ["en"] }],
    ["tokenizer.ggml.model", text("gpt2")],
    ["tokenizer.ggml.pre", text(preTokenizer)],
    ["tokenizer.ggml.tokens", { type: "strings", value: vocabulary.tokens }],
    [
      "tokenizer.ggml.token_type",
      { type: "i32s", value: vocabulary.tokens.map((_, index) => (index < specialTokens.length ? control : normal)) },
    ],
    ["tokenizer.ggml.merges", { type: "strings", value: vocabulary.merges.map((merge) => merge.join(" ")) }],
    ["tokenizer.ggml.bos_token_id", id(endOfText)],
    ["tokenizer.ggml.eos_token_id", id(endOfTurn)],
    ["tokenizer.ggml.eot_token_id", id(endOfTurn)],
    ["tokenizer.ggml.padding_token_id", id(endOfText)],
    ["tokenizer.ggml.add_bos_token", { type: "bool", value: false }],
    ["tokenizer.ggml.add_eos_token", { type: "bool", value: false }],
    ["tokenizer.chat_template", text(chatTemplate)],
  ]);
}
