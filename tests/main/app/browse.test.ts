import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { browse } from "@main/app/browse";
import { describe, expect, it } from "vitest";
import { openStudio } from "../../support/studio";
import { tempFolder } from "../../support/temp-folder";

describe("browsing a folder", () => {
  it("shows folders first, then the files that were asked for, and nothing hidden", async () => {
    const folder = await tempFolder();
    for (const name of ["b", "a10", "a9", ".git"]) mkdirSync(join(folder, name));
    for (const name of ["z.gguf", "A.GGUF", "x.txt", ".hidden.gguf"]) writeFileSync(join(folder, name), "12345");
    symlinkSync(join(folder, "nowhere"), join(folder, "broken.gguf"));
    const found = await browse(folder, ["gguf"]);
    expect(found.entries.map(({ name, kind, bytes }) => [name, kind, bytes])).toEqual([
      ["a9", "folder", 0],
      ["a10", "folder", 0],
      ["b", "folder", 0],
      ["A.GGUF", "file", 5],
      ["z.gguf", "file", 5],
    ]);
    expect((await browse(join(folder, "b"), [])).parent).toBe(folder);
    expect((await browse("/", [])).parent).toBeNull();
    expect((await browse(null, [])).folder).toBe(homedir());
  });

  it("says what is wrong with a place", async () => {
    const folder = await tempFolder();
    writeFileSync(join(folder, "file"), "");
    await expect(browse(join(folder, "none"), [])).rejects.toMatchObject({ code: "file.missing" });
    await expect(browse(join(folder, "file"), [])).rejects.toMatchObject({ code: "file.kind" });
  });
});

describe("the app", () => {
  it("tells about itself and its engines", async () => {
    const { client, folder } = await openStudio();
    expect(await client.app.info()).toMatchObject({
      version: "test",
      shell: "served",
      dataFolder: join(folder, "data"),
    });
    await client.devices.list();
    expect(await client.app.engines()).toMatchObject([{ role: "training" }, { role: "studio", state: "ready" }]);
  });

  it("refuses inputs that do not fit, before any handler sees them", async () => {
    const { client } = await openStudio();
    await expect(client.models.add({ path: "" })).rejects.toMatchObject({ code: "ipc.input" });
    await expect(client.runs.start(JSON.parse('{"modelId": 5}'))).rejects.toMatchObject({ code: "ipc.input" });
  });
});
