import { stageAdapter, stagedName } from "@renderer/phone/wllama/stage-adapter";
import { describe, expect, it } from "vitest";

/** As much of the library as the staging touches: it assigns its worker to `proxy` and hands it the files. */
class Engine {
  proxy: { moduleInit(files: { name: string; blob: Blob }[]): Promise<unknown> } | null = null;

  async load(files: { name: string; blob: Blob }[]): Promise<string[]> {
    let got: string[] = [];
    this.proxy = {
      moduleInit: async (all) => {
        got = all.map(({ name }) => name);
      },
    };
    await this.proxy.moduleInit(files);
    this.proxy = null;
    return got;
  }
}

const base = { name: "model-00001-of-00001.gguf", blob: new Blob(["base"]) };

describe("an adapter for the engine in the browser", () => {
  it("is among the files that the library hands to its worker", async () => {
    const engine = new Engine();
    stageAdapter(engine, new Blob(["adapter"]));
    expect(await engine.load([base])).toEqual([base.name, stagedName]);
    expect(engine.proxy).toBeNull();
    expect(await engine.load([base])).toEqual([base.name, stagedName]);
  });

  it("is not added again where the library does it by itself", async () => {
    const engine = new Engine();
    const adapter = new Blob(["adapter"]);
    stageAdapter(engine, adapter);
    expect(await engine.load([base, { name: "lora-00007.gguf", blob: adapter }])).toEqual([
      base.name,
      "lora-00007.gguf",
    ]);
  });
});
