import { stageAdapter, stagedName } from "@renderer/phone/wllama/stage-adapter";
import { type CacheManager, Wllama } from "@wllama/wllama/esm/index.js";
import wasm from "@wllama/wllama/esm/wasm/wllama.wasm?url";
import compatWorker from "@wllama/wllama-compat/wasm/wllama.js?url";
import compatWasm from "@wllama/wllama-compat/wasm/wllama.wasm?url";

/** What a test asks of the page. */
export interface PageRequest {
  readonly model: readonly string[];
  readonly adapter: string | null;
  readonly prompts: readonly string[];
  readonly tokens: number;
}

export interface PageAnswers {
  readonly secure: boolean;
  readonly threads: number;
  /** With the adapter where there is one, and with the adapter switched off. */
  readonly on: readonly string[];
  readonly off: readonly string[] | null;
}

const absolute = (path: string) => new URL(path, document.baseURI).href;
const blob = async (address: string) => (await fetch(address)).blob();

/** As the phone's page opens a model: files as blobs, no storage, nothing from another place. */
async function run({ model, adapter, prompts, tokens }: PageRequest): Promise<PageAnswers> {
  const engine = new Wllama({ default: absolute(wasm) }, { cacheManager: {} as CacheManager });
  engine.setCompat({ worker: absolute(compatWorker), wasm: absolute(compatWasm) });
  const lora = adapter === null ? null : await blob(adapter);
  if (lora) stageAdapter(engine, lora);
  const adapters = lora ? { lora_adapters: [{ path: `models/${stagedName}`, scale: 1, blob: lora }] } : {};
  await engine.loadModel(await Promise.all(model.map(blob)), {
    n_ctx: 512,
    n_gpu_layers: 0,
    n_parallel: 1,
    ...adapters,
  });
  const ask = async (scale: number) => {
    const answers: string[] = [];
    for (const content of prompts) {
      let text = "";
      await engine.createChatCompletion({
        messages: [{ role: "user", content }],
        max_tokens: tokens,
        temperature: 0,
        top_k: 1,
        stream: true,
        onData: (chunk: { choices: { delta?: { content?: string | null } }[] }) => {
          text += chunk.choices[0]?.delta?.content ?? "";
        },
        ...(lora ? { lora: [{ id: 0, scale }] } : {}),
      });
      answers.push(text);
    }
    return answers;
  };
  const on = await ask(1);
  const off = lora ? await ask(0) : null;
  const threads = engine.getNumThreads();
  await engine.exit();
  return { secure: isSecureContext, threads, on, off };
}

Object.assign(window, { run });
