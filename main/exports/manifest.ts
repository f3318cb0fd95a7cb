import { type ExportType, type Manifest, manifestSchema } from "@shared/models/export";

export const adapterFileName = "adapter.gguf";

/** How the exported file is used elsewhere; `base` is the name of the base's own file. */
export function howToLoad(base: string, type: ExportType): Manifest["howToLoad"] {
  if (type === "peft") {
    return [
      { runtime: "PEFT (Python)", command: 'PeftModel.from_pretrained(base_model, "this folder")' },
      {
        runtime: "Hone",
        command: `npm run hone -- export --model "${base}" --adapter "this folder" --out "another folder"`,
      },
    ];
  }
  return [
    { runtime: "llama.cpp", command: `llama-cli -m "${base}" --lora ${adapterFileName}` },
    { runtime: "llama.cpp at half strength", command: `llama-cli -m "${base}" --lora-scaled ${adapterFileName} 0.5` },
    { runtime: "Ollama", command: "ollama create my-model -f Modelfile" },
    { runtime: "Hone", command: `npm run hone -- chat --model "${base}" --adapter ${adapterFileName}` },
  ];
}

export function manifestText(manifest: Manifest): string {
  return `${JSON.stringify(manifestSchema.parse(manifest), null, 2)}\n`;
}

/** For Ollama; both paths are relative to the folder. */
export function modelfileText(base: string): string {
  return `FROM "./${base}"\nADAPTER "./${adapterFileName}"\n`;
}

/** What a person reads who gets the folder from someone else. */
export function readmeText({ name, base, adapter, scores, check, howToLoad: ways }: Manifest): string {
  const percent = (value: number | null) => (value === null ? "not measured" : `${(value * 100).toFixed(1)} %`);
  return `# ${name}

A LoRA adapter (rank ${adapter.rank}, alpha ${adapter.alpha}, ${adapter.type.toUpperCase()}), made with Hone. It works with this base only:

- name: ${base.name} (architecture ${base.architecture})
- size: ${base.bytes} bytes
- SHA-256: \`${base.sha256}\`

## How to load it

${adapter.type === "peft" ? "The folder itself is what PEFT loads; its base is the checkpoint that the GGUF file was made from." : `Put the base's GGUF file beside \`${adapterFileName}\`.`}

${ways.map(({ runtime, command }) => `${runtime}:\n\n\`\`\`\n${command}\n\`\`\`\n`).join("\n")}
## What was measured

- Exact answers on ${scores.rows} held-out rows: ${percent(scores.before)} before, ${percent(scores.after)} after.
- The exported file was loaded again and compared with the original on ${check.tokens} tokens: the largest difference of a logit is
  ${check.maxLogitDifference.toExponential(2)} (limit ${check.tolerance.toExponential(2)}); the likeliest token is the same at ${percent(check.top1Agreement)} of them.

\`SHA256SUMS\` holds the checksums: \`sha256sum -c SHA256SUMS\`.
`;
}
