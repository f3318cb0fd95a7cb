import { existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import {
  compiledFile,
  compileShader,
  digestOf,
  findCompiler,
  listShaders,
  readRecord,
  shaderFolder,
  writeRecord,
} from "./compile-shaders.mjs";
import { fail, SetupError, say } from "./say.mjs";

// npm run shaders [-- SOURCE …]
// Compiles the GLSL of the Vulkan backend (all of it, or the named sources) into the SPIR-V that is committed beside it. Only
// needed after a change there; building Hone needs no shader compiler.

async function shaders() {
  const compiler = await findCompiler();
  if (!compiler)
    throw new SetupError(
      "there is no glslangValidator on this machine",
      "Install the package glslang-tools (or the Vulkan SDK), or name another one in HONE_GLSLANG.",
    );
  const wanted = process.argv.slice(2);
  const all = listShaders();
  const record = readRecord();
  const compilers = { ...record.compilers };
  const sources = { ...record.sources };
  let count = 0;
  for (const shader of all) {
    if (wanted.length > 0 && !wanted.includes(path.basename(shader.source, ".comp"))) continue;
    const bytes = await compileShader(compiler, shader);
    if (bytes) {
      writeFileSync(compiledFile(shader), bytes);
      compilers[shader.name] = compiler.version;
      sources[shader.source] = digestOf(shader.source);
      count += 1;
    } else if (existsSync(compiledFile(shader)) && record.sources[shader.source] === digestOf(shader.source)) {
      say(`${shader.name} stays as it was: ${compiler.version} is too old for it`);
    } else {
      throw new SetupError(
        `${shader.name} uses an extension that ${compiler.version} does not know`,
        "Name a newer glslangValidator in HONE_GLSLANG: cooperative matrices came with 12.3.",
      );
    }
  }
  const known = new Set(all.map(compiledFile));
  for (const name of readdirSync(shaderFolder)) {
    const file = path.join(shaderFolder, name);
    if (name.endsWith(".spv") && !known.has(file)) rmSync(file);
  }
  writeRecord({ compilers, sources });
  say(`${count} shaders compiled with ${compiler.version}`);
}

shaders().catch(fail);
