import { spawn } from "node:child_process";
import { copyFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { eventually } from "../support/studio";
import { tempFolder } from "../support/temp-folder";
import { alike, answerTokens, cell, exportNamed, ours, prompts } from "./support/exports";

/* Every export in QVAC's addon on the Bare runtime: greedy answers beside Hone's own. */
const column = "QVAC 0.38.2 on Bare";
const peer = process.env.HONE_PEER_QVAC ?? "";
const program = fileURLToPath(new URL("qvac-program.cjs", import.meta.url));

async function theirs(model: string, adapter?: string): Promise<{ answers: string[]; error?: string }> {
  // Bare looks for packages beside the program.
  const beside = join(peer, "qvac-program.cjs");
  copyFileSync(program, beside);
  const place = await tempFolder();
  const [request, out] = [join(place, "request.json"), join(place, "answers.json")];
  writeFileSync(request, JSON.stringify({ model, ...(adapter ? { adapter } : {}), prompts, tokens: answerTokens }));
  // The binary itself: its launcher would leave it behind when it is ended.
  const runtime = join("node_modules", `bare-runtime-${process.platform}-${process.arch}`, "bin", "bare");
  const child = spawn(join(peer, runtime), [beside, request, out], { stdio: "ignore" });
  try {
    await eventually(
      () => existsSync(out) || child.exitCode !== null,
      (ended) => ended,
    );
    return { answers: [], ...(JSON.parse(readFileSync(out, "utf8")) as object) };
  } finally {
    child.kill("SIGKILL");
  }
}

describe("in QVAC", () => {
  const pair = exportNamed("pair");
  const [base = ""] = pair.files("base");
  const [adapter = ""] = pair.files("adapter");

  it("the base answers, and not as the tuned model", async () => {
    const { answers, error } = await theirs(base);
    expect(error).toBeUndefined();
    const same = alike(await ours(base, null), answers);
    cell("base", column, `answers as in Hone: ${same} of ${prompts.length}`);
    expect(answers.join()).not.toContain('"tool"');
    expect(same).toBeGreaterThanOrEqual(prompts.length - 1);
  });

  it("base and adapter answer as in Hone", async () => {
    const { answers, error } = await theirs(base, adapter);
    expect(error).toBeUndefined();
    const same = alike(await ours(base, adapter), answers);
    cell("base + adapter", column, `answers as in Hone: ${same} of ${prompts.length}`);
    expect(same).toBe(prompts.length);
  });

  it.each([
    ["merged Q4_0 (Android app)", "android"],
    ["merged Q4_K_M (iPhone app)", "iphone"],
    ["merged Q8_0", "merged-q8_0"],
  ])("%s of a BitNet base is refused by its own gate, as the README of the export says", async (row, name) => {
    const { folder, files } = exportNamed(name);
    const [merged = ""] = files("merged");
    expect(readFileSync(join(folder, "README.md"), "utf8")).toContain("Not in QVAC");
    const { error } = await theirs(merged);
    expect(error).toMatch(/only supported with TQ1_0 or TQ2_0/);
    cell(row, column, "refuses it: BitNet must be ternary");
  });

  it.each(["llama-f16", "qwen3-q8_0"])(
    "the fixture %s opens with its adapter, which changes the answer",
    async (name) => {
      const fixture = exportNamed(`fixture-${name}`);
      const [model = ""] = fixture.files("base");
      const bare = await theirs(model);
      const tuned = await theirs(model, fixture.files("adapter")[0]);
      expect([bare.error, tuned.error]).toEqual([undefined, undefined]);
      expect(tuned.answers).not.toEqual(bare.answers);
      cell(`fixture ${name} + adapter`, column, "opens; the adapter changes the answers");
    },
  );
});
