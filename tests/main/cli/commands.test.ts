import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { hone } from "../../support/command-line";
import { tunedAnswer, writeFakeAdapter, writeFakeModel } from "../../support/fake-engine";
import { tempFolder } from "../../support/temp-folder";

describe("hone", () => {
  it("answers one question, with and without an adapter", async () => {
    const folder = await tempFolder();
    const model = writeFakeModel(join(folder, "tiny.gguf"));
    const adapter = writeFakeAdapter(join(folder, "a@home.gguf"));
    const bare = await hone(["chat", "--model", model, "--prompt", "hello"]);
    expect(bare).toMatchObject({ code: 0, out: "I do not know.\n" });
    const tuned = await hone(["chat", "--model", model, "--adapter", `${adapter}@0.5`, "--prompt", "hello", "--json"]);
    expect(tuned.json.at(-1)).toMatchObject({
      text: tunedAnswer("hello"),
      adapters: [{ path: adapter, strength: 0.5 }],
    });
    const whole = await hone(["chat", "--model", model, "--adapter", adapter, "--prompt", "hello", "--json"]);
    expect(whole.json.at(-1)).toMatchObject({ adapters: [{ path: adapter, strength: 1 }] });
  });

  it("holds a conversation line by line until an empty one", async () => {
    const folder = await tempFolder();
    const model = writeFakeModel(join(folder, "tiny.gguf"));
    const ran = await hone(["chat", "--model", model], { input: "hello\nhow are you\n\nnever asked\n" });
    expect(ran).toMatchObject({ code: 0, out: "I do not know.\nI do not know.\n" });
  });

  it("shows what is in a model or an adapter, and complains about what is neither", async () => {
    const folder = await tempFolder();
    const model = writeFakeModel(join(folder, "tiny.gguf"));
    expect((await hone(["inspect", model])).out).toMatch(/model +Tiny/);
    expect((await hone(["inspect", writeFakeAdapter(join(folder, "a.gguf")), "--json"])).json.at(-1)).toMatchObject({
      kind: "adapter",
      rank: 4,
    });
    const bad = await hone(["inspect", join(folder, "none.gguf"), "--json"]);
    expect(bad.code).toBe(1);
    expect(bad.json.at(-1)).toMatchObject({ error: { code: "file.missing" } });
  });

  it("lists devices", async () => {
    expect(await hone(["devices"])).toMatchObject({ code: 0, out: expect.stringContaining("cpu") });
  });

  it("asks the engine for logits", async () => {
    const folder = await tempFolder();
    const out = join(folder, "logits.npy");
    const ran = await hone([
      "logits",
      writeFakeModel(join(folder, "tiny.gguf")),
      "--tokens",
      "1,2,3",
      "--out",
      out,
      "--json",
    ]);
    expect(ran.json.at(-1)).toEqual({ out, tokens: 3, vocabulary: 10 });
    expect(existsSync(out)).toBe(true);
    expect(await hone(["logits", "m.gguf", "--tokens", "1,x", "--out", out])).toMatchObject({ code: 2 });
  });

  it("exports an adapter file for its model and refuses one of another architecture", async () => {
    const folder = await tempFolder();
    const model = writeFakeModel(join(folder, "tiny.gguf"));
    const ran = await hone([
      "export",
      "--adapter",
      writeFakeAdapter(join(folder, "polite.gguf")),
      "--model",
      model,
      "--out",
      folder,
      "--json",
    ]);
    expect(ran.code, ran.out).toBe(0);
    expect(JSON.parse(readFileSync(join(folder, "polite-adapter", "hone.json"), "utf8"))).toMatchObject({
      name: "polite",
      adapter: { type: "f16" },
    });
    const other = writeFakeAdapter(join(folder, "other.gguf"), "bitnet");
    const refused = await hone(["export", "--adapter", other, "--model", model, "--out", folder, "--json"]);
    expect(refused.json.at(-1)).toMatchObject({ error: { code: "adapter.architecture" } });
    expect(existsSync(join(folder, "other-adapter"))).toBe(false);
  });
});
