import { readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import {
  compiledFile,
  compileShader,
  findCompiler,
  listShaders,
  shaderFolder,
  writeRecord,
} from "./compile-shaders.mjs";
import { fail, SetupError, say } from "./say.mjs";

// npm run shaders
// Compiles the GLSL of the Vulkan backend into the SPIR-V that is committed beside it. Only needed after a change there;
// building Hone needs no shader compiler.

async function shaders() {
  const compiler = await findCompiler();
  if (!compiler)
    throw new SetupError(
      "there is no glslangValidator on this machine",
      "Install the package glslang-tools (or the Vulkan SDK), or name another one in HONE_GLSLANG.",
    );
  const all = listShaders();
  for (const shader of all) writeFileSync(compiledFile(shader), await compileShader(compiler, shader));
  const known = new Set(all.map(compiledFile));
  for (const name of readdirSync(shaderFolder)) {
    const file = path.join(shaderFolder, name);
    if (name.endsWith(".spv") && !known.has(file)) rmSync(file);
  }
  writeRecord(compiler, all);
  say(`${all.length} shaders compiled with ${compiler.version}`);
}

shaders().catch(fail);
