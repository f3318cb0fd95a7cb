import { existsSync } from "node:fs";
import { join } from "node:path";
import { starterFiles } from "@main/starter/starter";
import { describe, expect, it } from "vitest";
import { hone } from "../../support/command-line";
import { writeFakeModel } from "../../support/fake-engine";
import { writeQuestions } from "../../support/studio";
import { tempFolder } from "../../support/temp-folder";

async function starterBox(): Promise<string> {
  const folder = await tempFolder();
  writeFakeModel(join(folder, starterFiles.model));
  writeQuestions(join(folder, starterFiles.train), 80);
  writeQuestions(join(folder, starterFiles.test), 9);
  return folder;
}

describe("hone demo", () => {
  it("ends with one object that holds both scores, the speed and the adapter", async () => {
    const starter = await starterBox();
    const ran = await hone(["demo", "--json", "--data-folder", join(starter, "data")], { starter });
    expect(ran.code, ran.out).toBe(0);
    const result = ran.json.at(-1);
    expect(result).toEqual({
      before: { rows: 9, exactMatch: 0, contains: 0, jsonEqual: 0, loss: 3 },
      after: { rows: 9, exactMatch: 1, contains: 1, jsonEqual: 1, loss: 1 },
      trainTokensPerSecond: expect.any(Number),
      seconds: expect.any(Number),
      adapter: expect.stringContaining(starter),
    });
    expect(existsSync(String(result?.adapter))).toBe(true);
    expect(ran.json.filter(({ event }) => event === "scoring")).toHaveLength(19);
  });

  it("tells the scores in words", async () => {
    const starter = await starterBox();
    const ran = await hone(["demo", "--data-folder", join(starter, "data")], { starter });
    expect(ran.out).toContain("Exact answers on 9 held-out requests: 0.0 % before, 100.0 % after.");
  });

  it("says that there is no starter where there is none", async () => {
    const folder = await tempFolder();
    const ran = await hone(["demo", "--data-folder", join(folder, "data"), "--json"], { starter: folder });
    expect(ran).toMatchObject({ code: 1 });
    expect(ran.json.at(-1)).toMatchObject({ error: { code: "demo.no-starter" } });
  });
});
