import { cpSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { hone } from "../../support/command-line";
import { tempFolder } from "../../support/temp-folder";

const fixtures = fileURLToPath(new URL("../../fixtures/", import.meta.url));
const models = join(fixtures, "models");

/** A small folder in the layout of the recorded results: one llama, one qwen3, and everything that belongs to them. */
async function recordedFolder(): Promise<string> {
  const folder = await tempFolder();
  const wanted =
    /^(?:llama-f16|qwen3-q8_0|bitnet-tq2_0|lora-(?:llama-f16|qwen3)|grad-lora-llama-f16|step-lora-llama-f16)/;
  for (const name of readdirSync(models).filter((file) => wanted.test(file))) {
    if (name.endsWith("-peft")) cpSync(join(models, name), join(folder, name), { recursive: true });
    else symlinkSync(join(models, name), join(folder, name));
  }
  for (const name of ["quants", "hostile"]) cpSync(join(fixtures, name), join(folder, name), { recursive: true });
  const part = (file: string, pick: (content: Record<string, unknown>) => unknown) => {
    const source = file.startsWith("logits") || file.startsWith("gradients") ? models : fixtures;
    writeFileSync(join(folder, file), JSON.stringify(pick(JSON.parse(readFileSync(join(source, file), "utf8")))));
  };
  part("logits.json", (all) => Object.fromEntries(Object.entries(all).filter(([name]) => wanted.test(name))));
  part("gradients.json", ({ adamw, runs }) => ({
    adamw,
    runs: Object.fromEntries(Object.entries(runs as object).filter(([name]) => wanted.test(name))),
  }));
  part("tokenizer_cases.json", (all) => ({ "llama-bpe": all["llama-bpe"] }));
  part("chat_cases.json", ({ templates, cases }) => ({
    templates,
    cases: (cases as { vocabulary: string }[]).filter(({ vocabulary }) => vocabulary === "llama-f16.gguf"),
  }));
  return folder;
}

const failures = (out: string) => out.split("\n").filter((line) => line.startsWith("FAILED"));

describe("npm run verify", () => {
  it("holds on recorded results and counts its lines", async () => {
    const { code, out } = await hone(["verify", await recordedFolder()]);
    expect(failures(out)).toEqual([]);
    expect(code).toBe(0);
    const lines = out.trim().split("\n");
    expect(lines.at(-1)).toBe(`${lines.length - 1} passed, 0 failed`);
    for (const kind of [
      "quants Q4_K, encoded",
      "logits llama-f16",
      "-peft in",
      "merged lora-llama-f16.half, F32",
      "grad-",
      "step-",
      "chat ",
      "fuzz ",
      "tokenizer ",
    ])
      expect(
        lines.some((line) => line.includes(kind)),
        kind,
      ).toBe(true);
    expect(out).toContain("logits lora-qwen3-normpair = lora-qwen3-q8_0: identical");
  });

  it("finds every kind of deviation, names it, and fails", async () => {
    const folder = await recordedFolder();
    const change = (file: string, at: number) => {
      const bytes = readFileSync(join(folder, file));
      const index = at < 0 ? bytes.length + at : at;
      bytes[index] = (bytes[index] ?? 0) ^ 64;
      writeFileSync(join(folder, file), bytes);
    };
    const text = (file: string, from: RegExp, to: string) => {
      const path = join(folder, file);
      const before = readFileSync(path, "utf8");
      expect(from.test(before)).toBe(true);
      writeFileSync(path, before.replace(from, to));
    };
    change("quants/Q5_K.bin", 40);
    change("lora-llama-f16-peft/adapter_model.safetensors", -2);
    text("hostile/hostile.json", /("bad-magic\.gguf": \{\s*"accept": )false/, "$1true");
    text("tokenizer_cases.json", /"ids":\[346\]/, '"ids":[345]');
    text("chat_cases.json", /"diff_mask":\[0/, '"diff_mask":[1');
    const { code, out } = await hone(["verify", folder]);
    expect(code).toBe(1);
    const found = failures(out).join("\n");
    for (const kind of [
      "quants Q5_K, decoded",
      "quants Q5_K, encoded",
      "lora-llama-f16-peft in, matrices",
      "hostile bad-magic.gguf",
      "tokenizer llama-bpe 0",
      "chat ",
    ])
      expect(found).toContain(kind);
  });

  it("computes with the reference, too, and says which backends there are", async () => {
    const folder = await tempFolder();
    for (const file of ["llama-f32.gguf", "llama-f32.exact.npy"]) symlinkSync(join(models, file), join(folder, file));
    const { "llama-f32": entry } = JSON.parse(readFileSync(join(models, "logits.json"), "utf8"));
    writeFileSync(join(folder, "logits.json"), JSON.stringify({ "llama-f32": entry }));
    expect((await hone(["verify", folder, "--backend", "reference"])).out).toMatch(/2 passed, 0 failed\n$/);
    expect((await hone(["verify", folder, "--backend", "abacus"])).code).toBe(2);
  });

  it("checks what is there, and names what is absent without counting it", async () => {
    const folder = await tempFolder();
    for (const file of ["llama-f32.gguf", "llama-f32.exact.npy", "llama-q4_1.exact.npy"])
      symlinkSync(join(models, file), join(folder, file));
    const all = JSON.parse(readFileSync(join(models, "logits.json"), "utf8"));
    const some = { "llama-f32": all["llama-f32"], "llama-q4_1": all["llama-q4_1"] };
    writeFileSync(join(folder, "logits.json"), JSON.stringify(some));
    writeFileSync(join(folder, "notes.txt"), "not a part of the layout");
    const { code, out } = await hone(["verify", folder]);
    expect(out).toContain("absent logits llama-q4_1, exact: llama-q4_1.gguf is not in the folder");
    expect(out).toMatch(/\n2 passed, 0 failed\n$/);
    expect(code).toBe(0);
    writeFileSync(join(folder, "gradients.json"), "{");
    expect((await hone(["verify", folder])).out).toContain("gradients.json is not JSON");
    expect((await hone(["verify", join(folder, "nowhere")])).code).toBe(2);
  });

  it("does not call an empty folder good", async () => {
    expect(await hone(["verify", await tempFolder()])).toMatchObject({ code: 1, out: "0 passed, 0 failed\n" });
  });
});
