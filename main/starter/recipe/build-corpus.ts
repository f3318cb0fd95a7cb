import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from "node:fs";
import { resolve } from "node:path";
import { render } from "./chat-template";
import { corpusConversation, type Message } from "./corpus/conversation";
import { tokenizerFile } from "./tokenizer-file";
import { Encoder } from "./tokens";
import { learnVocabulary } from "./vocabulary";

// node main/starter/recipe/run.mjs build-corpus.ts FOLDER CONVERSATIONS: writes tokenizer.gguf and corpus.bin.
const seed = "hone-starter";
const vocabularySize = 2048;
const conversationsForVocabulary = 20_000;

const folder = resolve(process.argv[2] ?? "out/starter");
const conversations = Number(process.argv[3] ?? 10_000);
mkdirSync(folder, { recursive: true });

function* texts(): Generator<string> {
  for (let index = 0; index < conversationsForVocabulary; index++) {
    yield render(corpusConversation(`${seed}/vocabulary`, index)).replaceAll(/<\|im_start\|>|<\|im_end\|>/g, " ");
  }
}

const vocabulary = learnVocabulary(texts(), vocabularySize);
writeFileSync(resolve(folder, "tokenizer.gguf"), tokenizerFile(vocabulary));

const encoder = new Encoder(vocabulary);
const given = 0x8000; // set on tokens that are read but not learned
const documentEnd = 0xffff;

/** The tokens of a conversation as the chat template renders it; what the assistant says is learned. */
function document(messages: readonly Message[]): number[] {
  const codes = messages.flatMap(({ role, content }) => {
    const learned = role === "assistant" ? 0 : given;
    return [
      ...encoder.encode(`<|im_start|>${role}\n`).map((id) => id | given),
      ...encoder.encode(`${content}<|im_end|>`).map((id) => id | learned),
      ...encoder.encode("\n").map((id) => id | given),
    ];
  });
  return [...codes, documentEnd];
}

const file = openSync(resolve(folder, "corpus.bin"), "w");
let tokens = 0;
for (let index = 0; index < conversations; index++) {
  const codes = document(corpusConversation(seed, index));
  tokens += codes.length - 1;
  writeSync(file, new Uint8Array(Uint16Array.from(codes).buffer));
}
closeSync(file);
console.log(`${conversations} conversations, ${tokens} tokens`);
