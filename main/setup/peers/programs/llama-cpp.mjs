// One measurement in llama.cpp: node llama-cpp.mjs FOLDER REQUEST. FOLDER has the package node-llama-cpp; REQUEST is
// {file, work, ctx, threads, runs, vocabulary}. The last line of standard output is {runs, peakRssMiB}.
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, request] = process.argv.slice(2);
const { file, work, ctx, threads, runs, vocabulary } = JSON.parse(request);
const { resolve } = createRequire(join(folder, "package.json"));
const { getLlama } = await import(pathToFileURL(resolve("node-llama-cpp")).href);

const decoded = 16;
const llama = await getLlama({ gpu: false, build: "never", logLevel: "error", maxThreads: threads });
const measured = [];
const time = async (tokens, body) => {
  const begin = performance.now();
  await body();
  return (1000 * tokens) / (performance.now() - begin);
};
const tokens = (count) => Array.from({ length: count }, (_, i) => 300 + ((i * 7919) % (vocabulary - 300)));

if (work === "load") {
  for (let run = 0; run < runs; ++run) {
    measured.push(await time(1, async () => (await llama.loadModel({ modelPath: file })).dispose()));
  }
} else {
  const model = await llama.loadModel({ modelPath: file });
  const contextSize = ctx + decoded * (runs + 1) + 8;
  const context = await model.createContext({ contextSize, batchSize: Math.max(ctx, 64), threads });
  const sequence = context.getSequence();
  if (work === "prompt") {
    for (let run = -1; run < runs; ++run) {
      await sequence.clearHistory();
      const speed = await time(ctx, () => sequence.evaluateWithoutGeneratingNewTokens(tokens(ctx)));
      if (run >= 0) measured.push(speed);
    }
  } else {
    await sequence.evaluateWithoutGeneratingNewTokens(tokens(ctx));
    const next = tokens(ctx + decoded * (runs + 1)).slice(ctx);
    for (let run = -1; run < runs; ++run) {
      const speed = await time(decoded, async () => {
        for (let i = 0; i < decoded; ++i)
          await sequence.controlledEvaluate([[next.pop(), { generateNext: { token: true } }]]);
      });
      if (run >= 0) measured.push(speed);
    }
  }
}
console.log(JSON.stringify({ runs: measured, peakRssMiB: process.resourceUsage().maxRSS / 1024 }));
process.exit(0);
