// One model in QVAC's addon, in a process of its own, run by the Bare runtime from a folder that has the package:
// bare qvac-program.cjs REQUEST OUT. REQUEST: {model, adapter?, prompts, tokens}; OUT receives {answers} or {error}.
const fs = require("bare-fs");
const LlmLlamacpp = require("@qvac/llm-llamacpp");

const [, , request, out] = Bare.argv;
const { model: path, adapter, prompts, tokens } = JSON.parse(fs.readFileSync(request, "utf8"));
const nothing = () => {};
const logger = { error: nothing, warn: nothing, info: nothing, debug: nothing };

async function answers() {
  const config = {
    device: "cpu",
    gpu_layers: "0",
    ctx_size: "512",
    temp: "0",
    top_k: "1",
    repeat_penalty: "1",
    seed: "1",
    predict: String(tokens),
    verbosity: "0",
    ...(adapter ? { lora: adapter } : {}),
  };
  const model = new LlmLlamacpp({ files: { model: [path] }, config, logger, opts: { stats: false } });
  await model.load();
  const found = [];
  for (const prompt of prompts) {
    const response = await model.run([{ role: "user", content: prompt }]);
    let text = "";
    await response
      .onUpdate((piece) => {
        text += piece;
      })
      .await();
    found.push(text);
  }
  await model.unload();
  return { answers: found };
}

answers()
  .catch((error) => ({ error: String(error?.message ?? error) }))
  .then((result) => {
    // Whole or not at all: whoever waits for it ends this process, which does not always end by itself.
    fs.writeFileSync(`${out}.part`, JSON.stringify(result));
    fs.renameSync(`${out}.part`, out);
    Bare.exit(0);
  });
