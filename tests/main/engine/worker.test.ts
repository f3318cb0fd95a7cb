import { fork } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { EngineHost } from "@main/engine/host";
import { nodeSpawner } from "@main/engine/spawner";
import type { TrainInput } from "@shared/engine/protocol";
import type { Sampling } from "@shared/models/chat";
import type { Recipe } from "@shared/models/recipe";
import type { MetricPoint, RunLogLine, RunProgress, RunSample } from "@shared/models/run";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const at = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const model = { path: at("tests/fixtures/models/llama-q6_k.gguf"), device: "cpu", threads: 2 };
const addonPath = process.env.HONE_ADDON ?? at("out/native/hone.node");

const greedy: Sampling = {
  temperature: 0,
  topK: 0,
  topP: 1,
  minP: 0,
  repetitionPenalty: 1,
  seed: 1,
  maxTokens: 8,
  stop: [],
};
const recipe: Recipe = {
  rank: 4,
  alpha: 8,
  rankStabilised: false,
  dropout: 0,
  projections: ["q", "k", "v", "o", "gate", "up", "down"],
  learningRate: 5e-3,
  schedule: "constant",
  warmup: 0,
  epochs: 3,
  maxSteps: null,
  batchSize: 2,
  accumulation: 1,
  contextLength: 96,
  packing: true,
  clipNorm: 1,
  weightDecay: 0,
  activationCheckpointing: false,
  validationShare: 0,
  validateEvery: 0,
  checkpointEvery: 0,
  sampleEvery: 4,
  seed: 7,
};
const conversations = ["red", "green", "blue", "grey", "pink", "teal"].map((colour, index) => ({
  line: index + 1,
  messages: [
    { role: "user" as const, content: `paint it ${colour}` },
    { role: "assistant" as const, content: `{"paint":"${colour}"}` },
  ],
}));

let folder: string;
let host: EngineHost;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "hone-worker-"));
  host = new EngineHost({ role: "studio", addonPath, spawner: nodeSpawner(at("out/main/worker.cjs")) });
});
afterAll(() => {
  host.close();
  rmSync(folder, { recursive: true, force: true });
});

function rowsFile(name: string, rows: readonly unknown[]): { path: string } {
  const path = join(folder, name);
  writeFileSync(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  return { path };
}

/** Runs one training to its end and gives everything it told. */
async function train(
  changes: Partial<TrainInput> = {},
  during?: (told: { metrics: MetricPoint[] }, input: TrainInput) => void,
) {
  const told = {
    metrics: [] as MetricPoint[],
    samples: [] as RunSample[],
    log: [] as RunLogLine[],
    progress: [] as RunProgress[],
  };
  const { client } = host;
  const input: TrainInput = {
    runId: "r1",
    model,
    recipe,
    trainFile: rowsFile("train.jsonl", conversations),
    validationFile: rowsFile("validation.jsonl", []),
    learnAll: false,
    checkpointPath: join(folder, "checkpoint.gguf"),
    resume: false,
    secondsBefore: 0,
    duty: 1,
    adapterPath: join(folder, "adapter.gguf"),
    metadata: { "hone.test": "yes" },
    samplePrompts: [{ messages: [{ role: "user", content: "paint it red" }], expected: '{"paint":"red"}' }],
    ...changes,
  };
  const stops = [
    client.train.progress(({ progress }) => told.progress.push(progress)),
    client.train.grew(({ metrics, samples, log }) => {
      told.metrics.push(...metrics);
      told.samples.push(...samples);
      told.log.push(...log);
      during?.(told, input);
    }),
  ];
  const ended = new Promise<{ end: string; error: { code: string; message: string } | null }>((resolve) => {
    stops.push(client.train.ended(resolve));
  });
  await client.train.start(input);
  const end = await ended;
  for (const stop of stops) stop();
  return { ...told, end };
}

async function ask(adapters: { path: string; strength: number }[], content = "paint it red", sampling = greedy) {
  const { client } = host;
  const generationId = `g${Math.random()}`;
  let text = "";
  const stop = client.chat.token((news) => {
    if (news.generationId === generationId) text += news.text;
  });
  const end = new Promise<Parameters<Parameters<typeof client.chat.end>[0]>[0]>((resolve) => {
    const off = client.chat.end((news) => {
      if (news.generationId !== generationId) return;
      off();
      resolve(news);
    });
  });
  await client.chat.generate({ generationId, model, adapters, messages: [{ role: "user", content }], sampling });
  const result = await end;
  stop();
  return { ...result, told: text };
}

describe("the engine process", () => {
  it("tells its devices and what a file holds", async () => {
    const { devices } = await host.client.engine.devices();
    expect(devices[0]).toMatchObject({ id: "cpu", kind: "cpu" });
    expect(await host.client.engine.inspect({ path: model.path })).toMatchObject({
      architecture: "llama",
      path: model.path,
    });
  });

  it("passes on an error with its code and its hint", async () => {
    const missing = host.client.engine.inspect({ path: join(folder, "none.gguf") });
    await expect(missing).rejects.toMatchObject({
      name: "HoneError",
      code: expect.stringMatching(/\./),
      message: expect.stringContaining("none.gguf"),
    });
  });

  it("says so when the addon cannot be loaded, and lives on", async () => {
    const broken = new EngineHost({
      role: "studio",
      addonPath: join(folder, "no.node"),
      spawner: nodeSpawner(at("out/main/worker.cjs")),
    });
    await expect(broken.client.engine.devices()).rejects.toMatchObject({
      code: "engine.addon",
      message: expect.stringContaining("no.node"),
    });
    await broken.client.engine.ping();
    broken.close();
  });
});

describe("an engine process whose parent is killed", () => {
  it("ends as well", async () => {
    const parent = fork(at("tests/main/engine/support/parent.mjs"), [at("out/main/worker.cjs"), addonPath], {
      execArgv: [],
    });
    const pid = await new Promise<number>((resolve) => parent.once("message", (message) => resolve(message as number)));
    const alive = () => {
      try {
        return process.kill(pid, 0);
      } catch {
        return false;
      }
    };
    expect(alive()).toBe(true);
    parent.kill("SIGKILL");
    await expect.poll(alive, { timeout: 10_000 }).toBe(false);
  });
});

describe("rows", () => {
  it("come with tokens, a mask and their problems", async () => {
    const silent = { line: 7, messages: [{ role: "user" as const, content: "hello" }] };
    const { rows, template } = await host.client.data.encode({
      model,
      conversations: [...conversations, silent],
      contextLength: 96,
      learnAll: false,
    });
    expect(template).not.toBe("");
    expect(rows).toHaveLength(7);
    for (const row of rows.slice(0, 6)) {
      expect(row.tokens).toBeInstanceOf(Int32Array);
      expect(row.mask).toHaveLength(row.tokens.length);
      expect(row.problem).toBeNull();
      expect(row.mask.includes(1)).toBe(true);
    }
    expect(rows[6]?.problem).toMatchObject({ line: 7, code: "row.no-answer" });
  });

  it("show what is learned, what is masked and what is cut", async () => {
    const whole = await host.client.data.render({
      model,
      conversations: conversations.slice(0, 1),
      contextLength: 96,
      learnAll: false,
    });
    const segments = whole.rows[0]?.segments ?? [];
    const learned = segments
      .filter(({ kind }) => kind === "learned")
      .map(({ text }) => text)
      .join("");
    expect(learned).toContain('{"paint":"red"}');
    expect(
      segments
        .filter(({ kind }) => kind === "masked")
        .map(({ text }) => text)
        .join(""),
    ).toContain("paint it red");
    const length = whole.rows[0]?.tokens ?? 0;
    const cut = await host.client.data.render({
      model,
      conversations: conversations.slice(0, 1),
      contextLength: length - 4,
      learnAll: false,
    });
    expect(cut.rows[0]?.segments.at(-1)?.kind).toBe("cut");
    const gone = await host.client.data.render({
      model,
      conversations: conversations.slice(0, 1),
      contextLength: 8,
      learnAll: false,
    });
    expect(gone.rows[0]?.problem).toMatchObject({
      code: "row.cut-before-answer",
      hint: expect.stringMatching(/Raise the context length/),
    });
  });

  it("warn of text that spells special tokens", async () => {
    const sly = {
      line: 3,
      messages: [
        { role: "user" as const, content: "say <|im_end|>" },
        { role: "assistant" as const, content: "no" },
      ],
    };
    const { warnings } = await host.client.data.encode({
      model,
      conversations: [sly],
      contextLength: 96,
      learnAll: false,
    });
    expect(warnings.join()).toMatch(/1 rows? .*special tokens.*3/);
  });

  it("of plain text are learned whole, up to an end token", async () => {
    const text = { line: 1, messages: [{ role: "assistant" as const, content: "once upon a time" }] };
    const { rows } = await host.client.data.encode({ model, conversations: [text], contextLength: 96, learnAll: true });
    const [row] = rows;
    expect(row?.mask.reduce((sum, bit) => sum + bit, 0)).toBeGreaterThanOrEqual((row?.tokens.length ?? 0) - 1);
  });
});

describe("training", () => {
  it("lowers the loss, tells every step once and in order, answers its samples and writes the adapter", async () => {
    const { metrics, samples, progress, log, end } = await train();
    expect(end).toEqual({ runId: "r1", end: "finished", error: null });
    expect(metrics.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(metrics.at(-1)?.trainLoss).toBeLessThan(metrics[0]?.trainLoss ?? 0);
    expect(progress.at(-1)).toMatchObject({ step: 9, totalSteps: 9, phase: "training" });
    expect(samples.at(-1)).toMatchObject({ step: 9, prompt: "paint it red", expected: '{"paint":"red"}' });
    expect(log.map(({ text }) => text).join("\n")).toMatch(/6 rows with \d+ tokens, \d+ of them learned/);
    const info = await host.client.adapters.check({ model, path: join(folder, "adapter.gguf") });
    expect(info).toMatchObject({ rank: 4, architecture: "llama" });
  });

  it("stops at a checkpoint and goes on from it to the same adapter", async () => {
    const whole = readFileSync(join(folder, "adapter.gguf"));
    const long = { ...recipe, epochs: 40, sampleEvery: 0 };
    const paths = { checkpointPath: join(folder, "c2.gguf"), recipe: long, samplePrompts: [] };
    const first = await train({ ...paths, adapterPath: join(folder, "whole.gguf") });
    expect(first.end.end).toBe("finished");
    let stopped: Promise<void> | undefined;
    const half = await train(
      { ...paths, adapterPath: join(folder, "half.gguf"), checkpointPath: join(folder, "c3.gguf") },
      ({ metrics }) => {
        if (metrics.length > 2) stopped ??= host.client.train.stop({ runId: "r1", how: "checkpoint" });
      },
    );
    await stopped;
    if (half.end.end === "stopped") {
      const rest = await train({
        ...paths,
        adapterPath: join(folder, "half.gguf"),
        checkpointPath: join(folder, "c3.gguf"),
        resume: true,
      });
      expect(rest.end.end).toBe("finished");
      expect(rest.metrics[0]?.step).toBe((half.metrics.at(-1)?.step ?? 0) + 1);
    }
    expect(readFileSync(join(folder, "half.gguf")).equals(readFileSync(join(folder, "whole.gguf")))).toBe(true);
    expect(whole.equals(readFileSync(join(folder, "whole.gguf")))).toBe(false);
  });

  it("does not begin when nothing would be learned", async () => {
    const silent = [{ line: 1, messages: [{ role: "user", content: "hello" }] }];
    const { end } = await train({
      trainFile: rowsFile("silent.jsonl", silent),
      adapterPath: join(folder, "never.gguf"),
    });
    expect(end).toMatchObject({
      end: "failed",
      error: { code: "data.nothing-to-learn", message: expect.stringContaining("no assistant message") },
    });
  });

  it("refuses a second run at the same time", async () => {
    let refused: Promise<unknown> | undefined;
    await train({ recipe: { ...recipe, epochs: 200 } }, (_, input) => {
      refused ??= host.client.train.start({ ...input, runId: "r2" }).catch((error: unknown) => error);
    });
    expect(await refused).toMatchObject({ code: "train.busy", message: expect.stringContaining("r1") });
  });

  it("is forecast in bytes and probed in tokens per second", async () => {
    const { peakBytes, trainableParameters } = await host.client.train.forecast({ model, recipe, totalSteps: 9 });
    expect(peakBytes).toBeGreaterThan(1e5);
    expect(trainableParameters).toBeGreaterThan(1000);
    const { tokensPerSecond } = await host.client.train.probe({ model, recipe, rowTokens: 32, seconds: 0.3 });
    expect(tokensPerSecond).toBeGreaterThan(1);
  });
});

describe("chat", () => {
  it("streams what it ends with and says which adapter answered", async () => {
    const path = join(folder, "whole.gguf");
    const tuned = await ask([{ path, strength: 1 }], "paint it red", { ...greedy, maxTokens: 24 });
    expect(tuned.told).toBe(tuned.text);
    expect(tuned.adapters).toEqual([{ path, strength: 1 }]);
    expect(tuned.tokensPerSecond).toBeGreaterThan(0);
    const base = await ask([]);
    expect(base.adapters).toEqual([]);
    expect(base.text).not.toBe(tuned.text);
  });

  it("stops when asked, and ends once", async () => {
    const { client } = host;
    const ends: string[] = [];
    const off = client.chat.end(({ generationId, reason }) => ends.push(`${generationId} ${reason}`));
    const long = { ...greedy, maxTokens: 4096, temperature: 1 };
    await client.chat.generate({
      generationId: "s1",
      model,
      adapters: [],
      messages: [{ role: "user", content: "hi" }],
      sampling: long,
    });
    await client.chat.stop({ generationId: "s1" });
    await expect.poll(() => ends.length).toBe(1);
    expect(ends[0]).toMatch(/^s1 (stopped|end|context)$/);
    off();
  });

  it("fails with the engine's own words", async () => {
    const end = await ask([{ path: join(folder, "no-adapter.gguf"), strength: 1 }]);
    expect(end).toMatchObject({ reason: "failed", error: { message: expect.stringContaining("no-adapter.gguf") } });
  });
});

describe("adapters and logits", () => {
  it("are compared on the same tokens", async () => {
    const path = join(folder, "whole.gguf");
    const target = join(folder, "copy.gguf");
    await host.client.adapters.convert({ source: path, target, type: "f16", metadata: { "hone.copy": "yes" } });
    const compare = (left: string | null, right: string | null) =>
      host.client.adapters.compare({
        tokens: [1, 2, 3, 4],
        left: { model, adapter: left },
        right: { model, adapter: right },
      });
    expect(await compare(path, path)).toMatchObject({
      maxDifference: 0,
      top1Agreement: 1,
      divergence: 0,
      tokens: 4,
    });
    const copied = await compare(path, target);
    expect(copied.maxDifference).toBeLessThan(0.02 * copied.logitSpread);
    const bare = await compare(null, path);
    expect(bare.maxDifference).toBeGreaterThan(copied.maxDifference);
    expect(bare.divergence).toBeGreaterThan(copied.divergence);
    expect(await host.client.adapters.describe({ path })).toMatchObject({
      targets: expect.arrayContaining(["attn_q"]),
    });
  });

  it("are written as .npy", async () => {
    const out = join(folder, "logits.npy");
    const { tokens, vocabulary } = await host.client.logits.write({ model, tokens: [1, 2, 3], adapters: [], out });
    expect(tokens).toBe(3);
    expect(readFileSync(out).length).toBe(128 + 4 * 3 * vocabulary);
  });
});
