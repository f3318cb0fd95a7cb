import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import {
  compiledFile,
  compileShader,
  digestOf,
  findCompiler,
  listShaders,
  readRecord,
  shaderFolder,
} from "../../../main/setup/compile-shaders.mjs";

const shaders = listShaders();

describe("the committed shaders", () => {
  it("are there for every source and variant, and for nothing else", () => {
    const found = readdirSync(shaderFolder).filter((name) => name.endsWith(".spv"));
    expect(found.sort()).toEqual(shaders.map((shader) => path.basename(compiledFile(shader))).sort());
  });

  it("were compiled from the sources as they are (npm run shaders compiles them again)", () => {
    const sources = [...new Set(shaders.map(({ source }) => source))];
    expect(readRecord().sources).toEqual(Object.fromEntries(sources.map((source) => [source, digestOf(source)])));
  });

  it("are SPIR-V 1.5, which every driver with Vulkan 1.2 takes", () => {
    for (const shader of shaders) {
      const bytes = readFileSync(compiledFile(shader));
      expect([shader.name, bytes.readUInt32LE(0), bytes.readUInt32LE(4)]).toEqual([
        shader.name,
        0x07230203,
        0x00010500,
      ]);
    }
  });

  it("come out the same, to the byte, of the compiler that made them", async (context) => {
    const compiler = await findCompiler();
    const { compilers } = readRecord();
    const own = shaders.filter(({ name }) => compilers[name] === compiler?.version);
    if (!compiler || own.length === 0) return context.skip(`none was made with ${compiler?.version ?? "no compiler"}`);
    for (const shader of own) {
      const bytes = await compileShader(compiler, shader);
      expect(bytes?.equals(readFileSync(compiledFile(shader))), shader.name).toBe(true);
    }
  }, 120_000);

  it("include only files that exist", () => {
    for (const { source } of shaders) {
      const text = readFileSync(path.join(shaderFolder, source), "utf8");
      for (const [, name] of text.matchAll(/^#include "(.*)"$/gm))
        expect(existsSync(path.join(shaderFolder, name ?? "")), `${source} includes ${name}`).toBe(true);
    }
  });
});
