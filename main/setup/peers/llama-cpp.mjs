import { installPeer } from "./install.mjs";
import { askProgram, programFile } from "./program.mjs";

/** The folder of a package that contains llama.cpp. */
export const installLlamaCpp = () => installPeer("llama-cpp", { "node-llama-cpp": "3.22.1" });

export const llamaCpp = {
  name: "llama.cpp",
  works: ["load", "prompt", "decode"],
  async prepare() {
    const folder = await installLlamaCpp();
    return (request) => askProgram(process.execPath, [programFile("llama-cpp.mjs"), folder], request);
  },
};
