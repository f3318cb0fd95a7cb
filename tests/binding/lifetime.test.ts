import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../support/temp-folder";
import { addonPath, modelFixture, recipe, rows, trainRequest } from "./support/addon";

/** Runs a program of its own that has `addon`, `train(observer)` and `generate(onText)` on an open `model`. */
async function run(
  folder: string,
  body: string,
): Promise<{ code: number | null; signal: string | null; output: string }> {
  const request = trainRequest(folder, { recipe: recipe({ totalSteps: 1_000_000 }), train: rows(8) });
  const plain = JSON.stringify(request, (_, value: unknown) =>
    value instanceof Int32Array || value instanceof Uint8Array ? Array.from(value) : value,
  );
  const program = `
    const { Worker, isMainThread, parentPort } = require("node:worker_threads");
    const holder = { exports: {} };
    process.dlopen(holder, ${JSON.stringify(addonPath)});
    const addon = holder.exports;
    const rows = ({ tokens, mask, offsets }) => ({ tokens: Int32Array.from(tokens), mask: Uint8Array.from(mask), offsets: Int32Array.from(offsets) });
    const plain = ${plain};
    const request = { ...plain, train: rows(plain.train), validation: rows(plain.validation) };
    const sampling = { temperature: 0, topK: 0, topP: 1, minP: 0, repetitionPenalty: 1.3, seed: 1, maxTokens: 400, stop: [] };
    const nothing = () => {};
    (async () => {
      const model = await addon.openModel(${JSON.stringify(modelFixture("bitnet-tq2_0"))}, { device: "cpu", threads: 2 });
      const train = (onStep) => model.train(request, { onStep, onValidation: nothing, onLog: nothing });
      const generate = (onText) => model.generate({ prompt: Int32Array.of(40, 41, 42), adapters: [], sampling }, onText);
      ${body}
    })().catch((error) => { console.log(error); process.exit(9); });`;
  const child = spawn(process.execPath, ["--expose-gc", "-e", program], { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  child.stdout.on("data", (chunk) => {
    output += chunk;
  });
  child.stderr.on("data", (chunk) => {
    output += chunk;
  });
  return new Promise((resolve) => child.on("close", (code, signal) => resolve({ code, signal, output })));
}

describe("a process", () => {
  it("ends cleanly with process.exit during training, and its state is kept", async () => {
    const folder = await tempFolder();
    const end = await run(folder, `train(({ step }) => { if (step === 3) process.exit(5); }).done.catch(nothing);`);
    expect(end).toEqual({ code: 5, signal: null, output: "" });
    expect(existsSync(`${folder}/run.checkpoint`)).toBe(true);
  });

  it("ends cleanly with process.exit during an answer", async () => {
    const end = await run(await tempFolder(), `generate(() => process.exit(6)).done.catch(nothing);`);
    expect(end).toEqual({ code: 6, signal: null, output: "" });
  });

  it("ends cleanly when an error of its own goes uncaught during training", async () => {
    const end = await run(
      await tempFolder(),
      `train(nothing); setTimeout(() => { throw new Error("not ours"); }, 200);`,
    );
    expect(end).toMatchObject({ code: 1, signal: null });
    expect(end.output).toContain("not ours");
  });

  it("stays up when a worker that trains and generates is ended", async () => {
    const folder = await tempFolder();
    const end = await run(
      folder,
      `if (isMainThread) {
        for (let i = 0; i < 3; ++i) {
          const worker = new Worker(process._eval, { eval: true });
          await new Promise((resolve) => worker.once("message", resolve));
          await worker.terminate();
        }
        console.log("still here", await generate(nothing).done.then(({ reason }) => reason));
      } else {
        train(({ step }) => { if (step === 3) parentPort.postMessage("trains"); }).done.catch(nothing);
        generate(nothing).done.catch(nothing);
      }`,
    );
    expect(end).toMatchObject({ code: 0, signal: null });
    expect(end.output).toContain("still here");
    expect(existsSync(`${folder}/run.checkpoint`)).toBe(true);
  });

  it("stays up when a worker ends while files are read and logits computed", async () => {
    const end = await run(
      await tempFolder(),
      `if (isMainThread) {
        for (const wait of [50, 200, 400]) {
          const worker = new Worker(process._eval, { eval: true });
          await new Promise((resolve) => setTimeout(resolve, wait));
          await worker.terminate();
        }
        console.log("still here");
      } else {
        const tokens = new Int32Array(model.info.contextLength).fill(50);
        for (let i = 0; i < 12; ++i) model.logits(tokens, { adapters: [] }).catch(nothing);
        for (;;) { addon.inspect("/no/such/file").catch(nothing); await addon.inspect(model.info.path); }
      }`,
    );
    expect(end).toEqual({ code: 0, signal: null, output: "still here\n" });
  });

  it("stays up when a worker ends amid calls that throw", async () => {
    const end = await run(
      await tempFolder(),
      `if (isMainThread) {
        for (let i = 0; i < 12; ++i) {
          const worker = new Worker(process._eval, { eval: true });
          await new Promise((resolve) => worker.once("message", resolve));
          await new Promise((resolve) => setTimeout(resolve, i));
          await worker.terminate();
        }
        console.log("still here");
      } else {
        parentPort.postMessage("begun");
        for (;;) { try { addon.inspect(7); } catch {} }
      }`,
    );
    expect(end).toEqual({ code: 0, signal: null, output: "still here\n" });
  });

  it("does not end in the middle of work whose handles it has forgotten", async () => {
    const end = await run(
      await tempFolder(),
      `(() => {
        let steps = 0;
        const training = train(() => { if (++steps === 20) training.stop("discard"); });
        training.done.then(({ end }) => console.log("training", end));
        generate(nothing).done.then(({ tokens }) => console.log("answer", tokens.length > 0));
      })();
      model.close();
      for (let i = 0; i < 20; ++i) { gc(); await new Promise((resolve) => setTimeout(resolve, 5)); }`,
    );
    expect(end).toMatchObject({ code: 0, signal: null });
    expect(end.output).toContain("training stopped");
    expect(end.output).toContain("answer true");
  });

  it("gives the memory of models back that are forgotten or closed", async () => {
    const end = await run(
      await tempFolder(),
      `const path = model.info.path;
      const used = async () => { gc(); await new Promise(setImmediate); gc(); await new Promise(setImmediate); return process.memoryUsage().rss; };
      const round = async () => {
        for (let i = 0; i < 30; ++i) {
          const other = await addon.openModel(path, { device: "cpu", threads: 1 });
          await other.generate({ prompt: Int32Array.of(40), adapters: [], sampling: { ...sampling, maxTokens: 3 } }, nothing).done;
          if (i % 2) other.close();
        }
      };
      await round();
      const before = await used();
      await round(); await round(); await round();
      console.log("grown by", Math.round(((await used()) - before) / 2 ** 20));`,
    );
    expect(end).toMatchObject({ code: 0, signal: null });
    expect(Number(/grown by (-?\d+)/.exec(end.output)?.[1])).toBeLessThan(30);
  });
});
