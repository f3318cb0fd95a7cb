import { fork } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { seededRandom } from "@main/datasets/split";
import { describe, expect, it } from "vitest";
import { commandLinePath, modelFixture } from "../../support/real-engine";
import { eventually } from "../../support/studio";
import { tempFolder } from "../../support/temp-folder";

/** `npm run hone -- …` as a process of its own, with the bundles as they are shipped. */
function runHone(folder: string, args: readonly string[]) {
  const program = join(folder, "hone.mjs");
  writeFileSync(
    program,
    `import { main } from ${JSON.stringify(pathToFileURL(commandLinePath).href)};
     process.exitCode = await main(process.argv.slice(2));`,
  );
  const child = fork(program, [...args], { execArgv: [], stdio: ["ignore", "pipe", "pipe", "ipc"], detached: true });
  let out = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr?.on("data", (chunk: Buffer) => {
    out += chunk.toString();
  });
  const ended = new Promise<{ code: number | null; out: string }>((resolve) =>
    child.on("close", (code) => resolve({ code, out })),
  );
  return { child, ended };
}

async function material() {
  const folder = await tempFolder();
  const data = join(folder, "rows.jsonl");
  const rows = Array.from({ length: 40 }, (_, index) =>
    JSON.stringify({ prompt: `say ${index % 7}`, completion: `it is ${index % 7}` }),
  );
  writeFileSync(data, rows.join("\n"));
  const out = join(folder, "out");
  const train = [
    "train",
    "--model",
    modelFixture("bitnet-tq2_0"),
    "--data",
    data,
    "--out",
    out,
    "--epochs",
    "16",
    "--batch-size",
    "4",
    "--checkpoint-every",
    "10",
    "--sample-every",
    "0",
    "--json",
  ];
  const checkpoint = () => {
    const runs = join(out, ".hone", "runs");
    return existsSync(runs) && readdirSync(runs).some((id) => existsSync(join(runs, id, "checkpoint.gguf")));
  };
  return { folder, out, train, checkpoint };
}

const lastLine = (out: string) => JSON.parse(out.trim().split("\n").at(-1) ?? "") as Record<string, unknown>;

const adapterDigest = (out: string) =>
  createHash("sha256")
    .update(readFileSync(join(out, "rows-hone", "adapter", "rows.lora-f32.gguf")))
    .digest("hex");

describe("a run in a terminal", () => {
  it("that is killed at any moments, again and again, ends with the adapter of an unbroken one", {
    timeout: 180_000,
  }, async () => {
    const seed = Number(process.env.HONE_SEED ?? Date.now() % 1_000_000);
    const random = seededRandom(seed);
    const longer = (train: readonly string[]) => [...train, "--epochs", "80"];
    const unbroken = await material();
    expect((await runHone(unbroken.folder, longer(unbroken.train)).ended).code).toBe(0);

    const { folder, out, train } = await material();
    const resume = ["train", "--resume", "--out", out, "--json"];
    let args = longer(train);
    // Written last of all.
    const finished = () => existsSync(join(out, "run.json"));
    for (let kills = 0; kills < 4 && !finished(); kills += 1) {
      const { child, ended } = runHone(folder, args);
      await setTimeout(400 + 1200 * random());
      child.kill("SIGKILL");
      await ended;
      // Before the run was stored there is nothing to resume, and the first command works again.
      const runs = join(out, ".hone", "runs");
      if (existsSync(runs) && readdirSync(runs).length > 0) args = resume;
    }
    if (!finished()) {
      const { code, out: said } = await runHone(folder, args).ended;
      expect(code, `seed ${seed}: ${said}`).toBe(0);
    }
    expect(adapterDigest(out), `seed ${seed}`).toBe(adapterDigest(unbroken.out));
  });

  it("that is killed with everything goes on from its checkpoint", { timeout: 120_000 }, async () => {
    const { folder, out, train, checkpoint } = await material();
    const first = runHone(folder, train);
    await eventually(checkpoint, (there) => there);
    first.child.kill("SIGKILL");
    await first.ended;
    const { code, out: said } = await runHone(folder, ["train", "--resume", "--out", out, "--json"]).ended;
    expect(code, said).toBe(0);
    expect(lastLine(said)).toMatchObject({
      steps: 144,
      adapter: join(out, "rows-hone", "adapter", "rows.lora-f32.gguf"),
    });
    const { history } = JSON.parse(readFileSync(join(out, "run.json"), "utf8"));
    expect(history.log.map(({ text }: { text: string }) => text)).toContain(
      "Hone ended while this run was at work. It goes on from its last checkpoint.",
    );
  });

  it("that is interrupted by Ctrl+C ends with 130 and goes on from its checkpoint", { timeout: 120_000 }, async () => {
    const { folder, out, train, checkpoint } = await material();
    const first = runHone(folder, train);
    await eventually(checkpoint, (there) => there);
    // A terminal sends it to the whole group, the engine included.
    process.kill(-(first.child.pid ?? 0), "SIGINT");
    const interrupted = await first.ended;
    expect(interrupted.code, interrupted.out).toBe(130);
    expect(lastLine(interrupted.out)).toMatchObject({ state: "paused", resumable: true });
    const { code, out: said } = await runHone(folder, ["train", "--resume", "--out", out, "--json"]).ended;
    expect(code, said).toBe(0);
    expect(lastLine(said)).toMatchObject({ steps: 144 });
  });
});
