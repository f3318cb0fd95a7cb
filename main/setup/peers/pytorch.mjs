import { runCommand } from "../run-command.mjs";
import { askProgram, programFile } from "./program.mjs";

/** PyTorch in bf16 on a model of the same shape with the same LoRA. HONE_PYTHON names a Python that has it. */
export const pytorch = {
  name: "pytorch",
  works: ["train"],
  async prepare() {
    const python = process.env.HONE_PYTHON ?? "python3";
    const { code } = await runCommand(python, ["-c", "import torch"], { timeout: 120_000 });
    if (code !== 0) throw new Error(`${python} cannot import torch`);
    return (request) => askProgram(python, [programFile("pytorch.py")], request);
  },
};
