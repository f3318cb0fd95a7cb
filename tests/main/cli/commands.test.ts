import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { hone } from "../../support/command-line";
import { fakeEngine, tunedAnswer, writeFakeAdapter, writeFakeModel } from "../../support/fake-engine";
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
    expect(JSON.parse(readFileSync(join(folder, "polite-hone", "hone.json"), "utf8"))).toMatchObject({
      name: "polite",
      profile: "adapter",
    });
    expect(ran.json.at(-1)).toMatchObject({ path: join(folder, "polite-hone") });
    const other = writeFakeAdapter(join(folder, "other.gguf"), "bitnet");
    const refused = await hone(["export", "--adapter", other, "--model", model, "--out", folder, "--json"]);
    expect(refused.json.at(-1)).toMatchObject({ error: { code: "adapter.architecture" } });
    expect(existsSync(join(folder, "other-hone"))).toBe(false);
  });

  it("says what an export would be, and refuses the kind that destroys an adapter", async () => {
    const folder = await tempFolder();
    const given = ["--adapter", writeFakeAdapter(join(folder, "polite.gguf"))];
    given.push("--model", writeFakeModel(join(folder, "tiny.gguf")), "--out", folder);
    const plan = await hone(["export", ...given, "--for", "android", "--plan", "--json"]);
    expect(plan.json.at(-1)).toMatchObject({ profile: "android", mergedType: "q4_0", ready: true });
    const refused = await hone(["export", ...given, "--for", "merged", "--type", "tq2_0"]);
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.errors).toMatch(/destroyed[\s\S]*hint: Keep base and adapter as two files/);
    expect(await hone(["export", ...given, "--for", "toaster"])).toMatchObject({ code: 2 });
    expect(existsSync(join(folder, "polite-hone"))).toBe(false);
  });

  it("merges an adapter at a strength into a new model file", async () => {
    const folder = await tempFolder();
    const model = writeFakeModel(join(folder, "tiny.gguf"));
    const adapter = writeFakeAdapter(join(folder, "polite.gguf"));
    const command = ["export", "--adapter", `${adapter}@0.8`, "--model", model, "--out", folder];
    const ran = await hone([...command, "--merge", "q4_0"]);
    expect(ran.code, ran.errors).toBe(0);
    expect(ran.out).toContain("the logits are 0.0 away from base and adapter");
    expect(existsSync(join(folder, "polite-q4_0.gguf"))).toBe(true);
    const again = await hone([...command, "--merge", "q4_0", "--json"]);
    expect(again.json.at(-1)).toMatchObject({ path: join(folder, "polite-q4_0-2.gguf"), check: { merged: {} } });
    expect(await hone([...command, "--merge", "q9"])).toMatchObject({ code: 2 });
    expect(await hone(command)).toMatchObject({ code: 2, errors: expect.stringContaining("--merge") });
    const ternary = await hone([...command, "--merge", "tq2_0", "--json"]);
    expect(ternary).toMatchObject({ code: 1 });
    expect(ternary.json.at(-1)).toMatchObject({ error: { code: "merge.ternary" } });
  });

  it("that is interrupted while merging leaves nothing behind", async () => {
    const folder = await tempFolder();
    const model = writeFakeModel(join(folder, "tiny.gguf"));
    const adapter = writeFakeAdapter(join(folder, "polite.gguf"));
    const engine = fakeEngine();
    engine.mergeMs = 100_000;
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 500);
    const ran = await hone(["export", "--adapter", adapter, "--model", model, "--out", folder, "--merge", "f16"], {
      engine,
      interrupted: controller.signal,
    });
    expect(ran).toMatchObject({ code: 130, errors: expect.stringContaining("stopped") });
    expect(readdirSync(folder).sort()).toEqual(["polite.gguf", "tiny.gguf"]);
  });
});
