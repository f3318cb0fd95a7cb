import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { hone } from "../../support/command-line";
import { fakeEngine, writeFakeModel } from "../../support/fake-engine";
import { writeQuestions } from "../../support/studio";
import { tempFolder } from "../../support/temp-folder";

async function material() {
  const folder = await tempFolder();
  return {
    folder,
    out: join(folder, "out"),
    flags: [
      "--model",
      writeFakeModel(join(folder, "tiny.gguf")),
      "--data",
      writeQuestions(join(folder, "questions.jsonl"), 40),
    ],
  };
}

describe("hone train", () => {
  it("tunes a model on a file and leaves a checked adapter with its settings and curve", async () => {
    const { out, flags } = await material();
    const ran = await hone(["train", ...flags, "--out", out, "--epochs", "2", "--rank", "3", "--json"]);
    expect(ran.code, ran.out).toBe(0);
    const result = ran.json.at(-1);
    expect(result).toMatchObject({
      steps: expect.any(Number),
      trainLoss: expect.any(Number),
      adapter: join(out, "questions-hone", "adapter", "questions.lora-f32.gguf"),
    });
    expect(existsSync(String(result?.adapter))).toBe(true);
    const kept = JSON.parse(readFileSync(join(out, "run.json"), "utf8"));
    expect(kept.run).toMatchObject({ state: "done", recipe: { rank: 3, epochs: 2 } });
    expect(kept.history.metrics).toHaveLength(Number(result?.steps));
    expect(existsSync(join(out, ".hone"))).toBe(false);
  });

  it("takes ranks of single matrices and noise on embeddings as flags", async () => {
    const { out, flags } = await material();
    const ran = await hone(["train", ...flags, "--out", out, "--ranks", "q=16, v=4", "--embedding-noise", "5"]);
    expect(ran.code, ran.out).toBe(0);
    const kept = JSON.parse(readFileSync(join(out, "run.json"), "utf8"));
    expect(kept.run.recipe).toMatchObject({ ranks: { q: 16, v: 4 }, embeddingNoise: 5 });

    const refused = await hone(["train", ...flags, "--out", out, "--ranks", "w=16"]);
    expect(refused.code).not.toBe(0);
    expect(refused.errors).toContain("--ranks takes one of q, k, v");
  });

  it("shows a bar with the time that is left on a terminal", async () => {
    const { out, flags } = await material();
    const ran = await hone(["train", ...flags, "--out", out], {
      isTty: true,
      engine: Object.assign(fakeEngine(), { stepMs: 30 }),
    });
    expect(ran.code).toBe(0);
    expect(ran.out).toMatch(/▰+▱+ +\d+ % {2}step \d+\/\d+ {2}loss \d+\.\d+ .* left/);
  });

  it("keeps a checkpoint when it is interrupted, and goes on from it", async () => {
    const { out, flags } = await material();
    const engine = fakeEngine();
    engine.stepMs = 20;
    const interruption = new AbortController();
    setTimeout(() => interruption.abort(), 1500);
    const ran = await hone(["train", ...flags, "--out", out, "--epochs", "20", "--json"], {
      engine,
      interrupted: interruption.signal,
    });
    expect(ran.code, ran.out).toBe(130);
    expect(ran.json.at(-1)).toMatchObject({ state: "paused", resumable: true });
    expect((await hone(["train", ...flags, "--out", out])).errors).toContain("There is an unfinished run");

    engine.stepMs = 1;
    const again = await hone(["train", "--resume", "--out", out, "--json"], { engine });
    expect(again.code, again.out).toBe(0);
    expect(engine.trained.map(({ resume }) => resume)).toEqual([false, true]);
  });

  it("says what is wrong with a dataset and leaves with 1", async () => {
    const { folder, flags } = await material();
    const ran = await hone([
      "train",
      ...flags.slice(0, 2),
      "--data",
      join(folder, "nothing.jsonl"),
      "--out",
      join(folder, "out"),
    ]);
    expect(ran.code).toBe(1);
    expect(ran.errors).toContain("there is no such file");
    expect(ran.errors).toContain("hint:");
    expect(existsSync(join(folder, "out", ".hone"))).toBe(false);
  });

  it("leaves with 2 and the help text when it does not understand", async () => {
    expect(await hone(["train", "--rank", "many"])).toMatchObject({
      code: 2,
      errors: expect.stringContaining('--rank takes a number; this is "many"'),
    });
    expect(await hone(["train", "--rank", "0"])).toMatchObject({
      code: 2,
      errors: expect.stringContaining("--rank does not fit"),
    });
    expect(await hone(["train", "--ranc", "4"])).toMatchObject({ code: 2, errors: expect.stringContaining("--ranc") });
    expect(await hone(["tune"])).toMatchObject({ code: 2, errors: expect.stringContaining('no command "tune"') });
    expect(await hone(["train", "--goal", "fame", "--data", "x"])).toMatchObject({ code: 2 });
    expect(await hone(["train", "--help"])).toMatchObject({ code: 0, out: expect.stringContaining("--learning-rate") });
  });
});
