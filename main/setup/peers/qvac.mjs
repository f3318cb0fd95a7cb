import path from "node:path";
import { installPeer } from "./install.mjs";
import { askProgram, programFile } from "./program.mjs";

/** QVAC Fabric, whose addon runs on the Bare runtime. */
export const qvac = {
  name: "qvac",
  works: ["train", "prompt", "decode"],
  async prepare() {
    const folder = await installPeer("qvac", { "@qvac/llm-llamacpp": "0.38.2", bare: "1.31.2" });
    const bare = path.join(folder, "node_modules", ".bin", process.platform === "win32" ? "bare.cmd" : "bare");
    return (request) => askProgram(bare, [programFile("qvac.cjs"), folder], request);
  },
};
