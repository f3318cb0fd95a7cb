// One measurement in QVAC Fabric: bare qvac.cjs FOLDER REQUEST. FOLDER has the package @qvac/llm-llamacpp; REQUEST is
// {file, work, ctx, threads, runs, vocabulary, folder}. The last line of standard output is {runs, peakRssMiB}.
// The models of the bench have one token per word "wN", so that a text has as many tokens as it has words.
const [folder, request] = Bare.argv.slice(2);
const packages = `${folder}/node_modules`;
const fs = require(`${packages}/bare-fs`);
const LlmLlamacpp = require(`${packages}/@qvac/llm-llamacpp`);
const { file, work, ctx, threads, runs, vocabulary, scratch } = JSON.parse(request);

const decoded = 16;
const words = (count, salt) =>
  Array.from({ length: count }, (_, i) => `w${(i * 7919 + salt * 104729) % (vocabulary - 300)}`).join(" ");

/** Peak memory of this process, from Linux; 0 elsewhere. */
function peakRssMiB() {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(fs.readFileSync("/proc/self/status", "utf8"))[1]) / 1024;
  } catch {
    return 0;
  }
}

async function train(model) {
  const text = `${scratch}/qvac-train.txt`;
  // A window of ctx tokens begins at every half of one; the first step warms up.
  fs.writeFileSync(text, words(ctx * (runs + 3), 1));
  const handle = await model.finetune({
    trainDatasetDir: text,
    validation: { type: "none" },
    outputParametersDir: `${scratch}/qvac-adapter.gguf`,
    checkpointSaveDir: `${scratch}/qvac-checkpoints`,
    numberOfEpochs: 1,
    contextLength: ctx,
    batchSize: ctx,
    microBatchSize: Math.min(ctx, 128),
    loraModules: "attn_q,attn_k,attn_v,attn_o,ffn_gate,ffn_up,ffn_down",
    loraRank: 8,
    lrScheduler: "constant",
  });
  // Progress is told after every step, in milliseconds since the beginning; without it the whole run is one measurement.
  const begin = Date.now();
  const speeds = [];
  let last = null;
  const done = await new Promise((resolve, reject) => {
    handle.on("stats", ({ is_train: training, elapsed_ms: elapsed }) => {
      if (!training) return;
      if (last !== null && elapsed > last) speeds.push((1000 * ctx) / (elapsed - last));
      last = elapsed;
      if (speeds.length > runs) resolve(null); // the first one warms up
    });
    handle.await().then(resolve, reject);
  });
  if (speeds.length > 1) return speeds.slice(1);
  if (done?.stats?.global_steps > 0) return [(1000 * ctx * done.stats.global_steps) / (Date.now() - begin)];
  throw new Error("the training told no steps");
}

async function generate(model) {
  const speeds = [];
  for (let run = -1; run < runs; ++run) {
    const prompt = [{ role: "user", content: words(ctx, run + 2) }];
    const response = await model.run(prompt, { generationParams: { predict: work === "prompt" ? 1 : decoded } });
    await response.await();
    if (run >= 0) speeds.push(work === "prompt" ? response.stats.ppTPS : response.stats.TPS);
  }
  return speeds;
}

async function main() {
  const model = new LlmLlamacpp({
    files: { model: [file] },
    config: {
      device: "cpu",
      gpu_layers: "0",
      ctx_size: String(ctx + 64),
      threads: String(threads),
      "cache-type-k": "f16",
      "cache-type-v": "f16",
    },
    logger: { info() {}, debug() {}, warn() {}, error: (...parts) => console.error(...parts) },
    opts: { stats: true },
  });
  await model.load();
  const measured = work === "train" ? await train(model) : await generate(model);
  console.log(JSON.stringify({ runs: measured, peakRssMiB: peakRssMiB() }));
  Bare.exit(0);
}

main().catch((error) => {
  console.error(`error: ${error.message}`);
  Bare.exit(1);
});
