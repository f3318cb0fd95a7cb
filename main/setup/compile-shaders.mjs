import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { root } from "./places.mjs";
import { isInstalled, runCommand } from "./run-command.mjs";
import { SetupError } from "./say.mjs";

/** The GLSL of the Vulkan backend, with its compiled SPIR-V beside it. */
export const shaderFolder = path.join(root, "native", "backend", "vulkan", "shaders");

/** What the committed SPIR-V was made from: the compiler of every file, and a digest of every source with all it includes. */
const recordFile = path.join(shaderFolder, "compiled.json");
export function readRecord() {
  return existsSync(recordFile) ? JSON.parse(readFileSync(recordFile, "utf8")) : { compilers: {}, sources: {} };
}

/** Every shader with its variants: a line "// variants: subgroup, subgroup dot" in a source names sets of HONE_* macros that
 * it is also compiled with. */
export function listShaders() {
  return readdirSync(shaderFolder)
    .filter((name) => name.endsWith(".comp"))
    .sort()
    .flatMap((source) => {
      const text = readFileSync(path.join(shaderFolder, source), "utf8");
      const line = /^\/\/ variants: (.*)$/m.exec(text)?.[1] ?? "";
      const variants = line ? line.split(",").map((set) => set.trim().split(" ")) : [];
      return [[], ...variants].map((macros) => ({
        source,
        macros,
        name: [path.basename(source, ".comp"), ...macros].join("."),
      }));
    });
}

export const compiledFile = (shader) => path.join(shaderFolder, `${shader.name}.spv`);

/** Digest of a source and the files it includes, in the order of their first appearance. */
export function digestOf(source) {
  const hash = createHash("sha256");
  const seen = new Set();
  const visit = (name) => {
    if (seen.has(name)) return;
    seen.add(name);
    const text = readFileSync(path.join(shaderFolder, name), "utf8").replaceAll("\r\n", "\n");
    hash.update(`${name}\0${text}\0`);
    for (const [, included] of text.matchAll(/^#include "(.*)"$/gm)) visit(included);
  };
  visit(source);
  return hash.digest("hex").slice(0, 32);
}

/** The compiler of this machine with its version, or nothing. HONE_GLSLANG names another glslangValidator. */
export async function findCompiler() {
  const program = process.env.HONE_GLSLANG ?? "glslangValidator";
  if (!(await isInstalled(program))) return undefined;
  const { tail } = await runCommand(program, ["--version"], { log: "shaders.log" });
  const version = /Glslang Version: (.*)/.exec(tail)?.[1]?.trim() ?? "unknown";
  return { program, version: `glslang ${version}` };
}

/** Compiles one shader and gives its bytes; null where the compiler is too old for an extension that the source asks for. */
export async function compileShader(compiler, shader) {
  const folder = mkdtempSync(path.join(tmpdir(), "hone-shader-"));
  const output = path.join(folder, "shader.spv");
  try {
    const { code, tail } = await runCommand(
      compiler.program,
      [
        "-V",
        "-g0",
        "--quiet",
        "--target-env",
        "vulkan1.2",
        ...shader.macros.map((macro) => `-DHONE_${macro.toUpperCase()}`),
        shader.source,
        "-o",
        output,
      ],
      { log: "shaders.log", cwd: shaderFolder },
    );
    if (/extension not supported/.test(tail)) return null;
    if (code !== 0) throw new SetupError(`${shader.name} does not compile:\n${tail.slice(-3_000)}`);
    return readFileSync(output);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** `compilers`: version by name of the shader. `sources`: digest by source. */
export function writeRecord({ compilers, sources }) {
  const shaders = listShaders();
  const pick = (names, table) => Object.fromEntries(names.map((name) => [name, table[name]]));
  const record = {
    compilers: pick(
      shaders.map(({ name }) => name),
      compilers,
    ),
    sources: pick(
      shaders.map(({ source }) => source),
      sources,
    ),
  };
  writeFileSync(recordFile, `${JSON.stringify(record, null, 2)}\n`);
}
