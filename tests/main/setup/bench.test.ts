import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { tempFolder } from "../../support/temp-folder";

const root = fileURLToPath(new URL("../../../", import.meta.url));

const bench = (...flags: string[]) =>
  promisify(execFile)(process.execPath, [join(root, "main/setup/bench.mjs"), ...flags], { cwd: root });

describe("the bench", () => {
  it("measures one work by name and writes what it found", { timeout: 240_000 }, async () => {
    const file = join(await tempFolder(), "bench.json");
    const { stderr } = await bench("--only", "starter:tokenize", "--runs", "2", "--json", file);
    expect(stderr).toMatch(/reads [\d.]+ GB\/s/);
    expect(stderr).toMatch(/^starter +BPE +tokenize/m);

    const { ceilings, results } = JSON.parse(readFileSync(file, "utf8"));
    expect(ceilings.readBytes).toBeGreaterThan(1e8);
    expect(results).toHaveLength(1);
    expect(results[0]).toMatchObject({ model: "starter", work: "tokenize", ctx: 0, threads: 1, isa: ceilings.isa });
    expect(results[0].runs).toHaveLength(2);
    expect(results[0].tokensPerSecond).toBeGreaterThan(1000);
    expect(results[0].peakRssMiB).toBeGreaterThan(1);
  });

  it("measures the memory of a training run beside its forecast", { timeout: 400_000 }, async () => {
    const folder = await tempFolder();
    for (const job of ["bitnet-70m:train:128", "smollm2-135m:train:128"]) {
      const file = join(folder, `${job.split(":")[0]}.json`);
      await bench("--only", job, "--runs", "1", "--json", file);
      const [{ peakRssMiB, forecastMiB }] = JSON.parse(readFileSync(file, "utf8")).results;
      expect(
        Math.abs(forecastMiB - peakRssMiB) / peakRssMiB,
        `${job}: ${forecastMiB} and ${peakRssMiB} MiB`,
      ).toBeLessThan(0.1);
    }
  });

  it("names what there is when nothing is called that", { timeout: 240_000 }, async () => {
    await expect(bench("--only", "no-such-model")).rejects.toMatchObject({
      stderr: expect.stringMatching(/nothing is called no-such-model[\s\S]*bitnet-0\.7b.*decode/),
    });
  });
});
