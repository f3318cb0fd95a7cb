import type { Bundle, BundleFile } from "@shared/models/bundle";

/** How one program or phone app opens what is in the export. */
export interface Instruction {
  readonly app: string;
  /** Taps or sentences, in order. */
  readonly steps: readonly string[];
  /** A command line; null for apps. */
  readonly command: string | null;
}

type Contents = Pick<Bundle, "files" | "base">;

const roleFile = ({ files }: Contents, role: BundleFile["role"]) => files.find((file) => file.role === role)?.path;

/** Ways to use an export, from what it holds. `baseFile` is the name of the base's own file. */
export function instructionsFor(contents: Contents, baseFile: string): Instruction[] {
  const merged = roleFile(contents, "merged");
  if (merged) return [...phoneApps(merged), ...mergedPrograms(merged), ...refusals(contents)];
  const adapter = roleFile(contents, "adapter");
  const peft = roleFile(contents, "peft");
  return [
    ...(adapter ? withAdapter(adapter, roleFile(contents, "base") ?? baseFile, roleFile(contents, "modelfile")) : []),
    ...(peft ? withPeft(baseFile) : []),
  ];
}

/** Apps that load one GGUF file. The taps were read in the sources of these versions, not tried on a phone. */
function phoneApps(merged: string): Instruction[] {
  const name = merged.slice(merged.lastIndexOf("/") + 1);
  const arrive = `Bring ${name} onto the phone (download, cable, AirDrop into Files).`;
  const app = (title: string, ...steps: string[]): Instruction => ({
    app: title,
    steps: [arrive, ...steps],
    command: null,
  });
  return [
    app(
      "PocketPal AI (Android, iPhone)",
      "Models → + → Add local model → choose the file.",
      "The app copies it, so it takes twice the space until you delete the original.",
    ),
    app("ChatterUI (Android)", "Models → import, or Use External Model, which reads the file where it is."),
    app("Maid (Android)", "Settings → Model → Load model → choose the file."),
    app("SmolChat (Android)", "Models → + → choose the file."),
  ];
}

/** Said beforehand, so that nobody looks for a mistake of their own. */
function refusals({ base }: Contents): Instruction[] {
  if (!base.arch.startsWith("bitnet")) return [];
  return [
    {
      app: "Not in QVAC",
      steps: ["QVAC opens BitNet models in ternary types only, which a merge would destroy: give it base and adapter."],
      command: null,
    },
  ];
}

function mergedPrograms(merged: string): Instruction[] {
  return [
    command("llama.cpp", `llama-cli -m "${merged}"`),
    command("Hone", `npm run hone -- chat --model "${merged}"`),
  ];
}

function withAdapter(adapter: string, base: string, modelfile: string | undefined): Instruction[] {
  return [
    ...(modelfile ? [command("Ollama", `ollama create my-model -f ${modelfile}`)] : []),
    command("llama.cpp", `llama-cli -m "${base}" --lora "${adapter}"`),
    command("llama.cpp at half strength", `llama-cli -m "${base}" --lora-scaled "${adapter}" 0.5`),
    command(
      "llama.rn (React Native)",
      `initLlama({ model: "${base}", lora_list: [{ path: "${adapter}", scaled: 1 }] })`,
    ),
    command(
      "QVAC (absolute paths)",
      `new LlmLlamacpp({ files: { model: ["${base}"] }, config: { device: "cpu", lora: "${adapter}" } })`,
    ),
    command("Hone", `npm run hone -- chat --model "${base}" --adapter "${adapter}"`),
  ];
}

function withPeft(base: string): Instruction[] {
  return [
    command("PEFT (Python)", 'PeftModel.from_pretrained(base_model, "adapter/peft")'),
    command("Hone", `npm run hone -- export --model "${base}" --adapter adapter/peft --out "another folder"`),
  ];
}

function command(app: string, text: string): Instruction {
  return { app, steps: [], command: text };
}
