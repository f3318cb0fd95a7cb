import { stageAdapter, stagedName } from "@renderer/phone/wllama/stage-adapter";
import type { PhoneChat } from "@shared/models/phone";
import { type CacheManager, Wllama } from "@wllama/wllama/esm/index.js";
import wasm from "@wllama/wllama/esm/wasm/wllama.wasm?url";
import compatWorker from "@wllama/wllama-compat/wasm/wllama.js?url";
import compatWasm from "@wllama/wllama-compat/wasm/wllama.wasm?url";

/** A base model with its adapter, computed by this very browser. */
export interface BrowserModel {
  readonly threads: number;
  /** The adapter is switched per answer; off is exactly the base. */
  answer(chat: PhoneChat, onText: (text: string) => void, signal: AbortSignal): Promise<number>;
  close(): Promise<void>;
}

const absolute = (path: string) => new URL(path, document.baseURI).href;

/** Files come as blobs, so there is nothing to keep; without a manager the library wants storage that plain HTTP does not give. */
const noCache = {} as CacheManager;

const contextTokens = 1024;

export async function loadBrowserModel(base: Blob, adapter: Blob): Promise<BrowserModel> {
  const quiet = { debug: () => undefined, log: () => undefined, warn: () => undefined, error: console.error };
  const engine = new Wllama({ default: absolute(wasm) }, { cacheManager: noCache, logger: quiet });
  // The library's own default is a content network.
  engine.setCompat({ worker: absolute(compatWorker), wasm: absolute(compatWasm) });
  stageAdapter(engine, adapter);
  const lora = { path: `models/${stagedName}`, scale: 1, blob: adapter };
  await engine.loadModel([base], { n_ctx: contextTokens, n_gpu_layers: 0, n_parallel: 1, lora_adapters: [lora] });
  return {
    threads: engine.getNumThreads(),
    answer: async ({ messages, tuned, greedy }, onText, signal) => {
      let tokens = 0;
      await engine.createChatCompletion({
        messages: messages.map(({ role, content }) => ({ role, content })),
        max_tokens: greedy ? 48 : 256,
        temperature: greedy ? 0 : 0.7,
        top_k: greedy ? 1 : 40,
        stream: true,
        abortSignal: signal,
        onData: (chunk) => {
          const text = chunk.choices[0]?.delta?.content;
          if (!text) return;
          tokens += 1;
          onText(text);
        },
        // Read by the engine itself; the library passes on what it does not know.
        ...{ lora: [{ id: 0, scale: tuned ? 1 : 0 }] },
      });
      return tokens;
    },
    close: () => engine.exit(),
  };
}
