// One model in llama.cpp, in a process of its own: node llama-cpp.mjs REQUEST OUT. HONE_PEER is the folder that has the package.
// REQUEST: {model, adapter?: {path, strength}, tokens, greedy}. OUT receives float32 logits [tokens, vocabulary]; the last
// line of standard output is {vocabulary, greedy: token ids}.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const { resolve } = createRequire(join(process.env.HONE_PEER, "package.json"));
const { getLlama } = await import(pathToFileURL(resolve("node-llama-cpp")).href);
const [requestPath, outPath] = process.argv.slice(2);
const { model: modelPath, adapter, tokens, greedy } = JSON.parse(readFileSync(requestPath, "utf8"));

const llama = await getLlama({ gpu: false, build: "never", logLevel: "error", maxThreads: 1 }); // models too small for more
const model = await llama.loadModel({ modelPath });
const context = await model.createContext({
  contextSize: Math.max(64, tokens.length + greedy),
  threads: 1,
  flashAttention: false,
  ...(adapter ? { lora: { adapters: [{ filePath: adapter.path, scale: adapter.strength }] } } : {}),
});
const sequence = context.getSequence();

const rows = await sequence.controlledEvaluate(tokens.map((token) => [token, { generateNext: { logits: true } }]));
const vocabulary = rows[0].next.logits.size;
const logits = new Float32Array(tokens.length * vocabulary);
rows.forEach(({ next }, row) => {
  for (const [token, value] of next.logits) logits[row * vocabulary + token] = value;
});
writeFileSync(outPath, new Uint8Array(logits.buffer));

const best = (values) => {
  let token = 0;
  for (const [id, value] of values) if (value > (values.get(token) ?? -Infinity)) token = id;
  return token;
};
const answer = [best(rows.at(-1).next.logits)];
while (answer.length < greedy) {
  const [{ next }] = await sequence.controlledEvaluate([[answer.at(-1), { generateNext: { logits: true } }]]);
  answer.push(best(next.logits));
}
console.log(JSON.stringify({ vocabulary, greedy: answer }));
process.exit(0);
