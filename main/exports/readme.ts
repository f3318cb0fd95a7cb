import { instructionsFor } from "@main/exports/instructions";
import { profiles } from "@main/exports/profiles";
import type { Bundle, ProbeFile } from "@shared/models/bundle";
import type { ExportProfile } from "@shared/models/export";

/** What a person reads who gets the export from someone else. `baseFile` is the name of the base's own file. */
export function readmeText(bundle: Bundle, probes: ProbeFile, profile: ExportProfile, baseFile: string): string {
  const sections = [
    `# ${bundle.name}\n`,
    about(bundle, profile),
    "## How to load it\n",
    ...instructionsFor(bundle, baseFile).map(({ app, steps, command }) =>
      command === null
        ? `### ${app}\n\n${steps.map((step, index) => `${index + 1}. ${step}\n`).join("")}`
        : `### ${app}\n\n\`\`\`\n${command}\n\`\`\`\n`,
    ),
    "## Is the adapter at work?\n",
    proof(probes),
    "## What was measured\n",
    measured(bundle),
    "`SHA256SUMS` holds the checksums: `sha256sum -c SHA256SUMS`. `hone.json` says the same as this page to programs.\n",
  ];
  return sections.join("\n");
}

function about({ base, adapter, merge, warnings, created_by }: Bundle, profile: ExportProfile): string {
  const { title, peft, base: inside } = profiles[profile];
  const what = merge.applied
    ? `One model, with a LoRA adapter (rank ${adapter.rank}, alpha ${adapter.alpha}) merged into its base as ${merge.formula}`
    : `A LoRA adapter (rank ${adapter.rank}, alpha ${adapter.alpha})`;
  return [
    `${what}; made with Hone ${created_by.hone} for: ${title}.\n`,
    merge.applied || inside ? "Its base:\n" : "It works with this base only, which is not in here:\n",
    `- name: ${base.name} (architecture ${base.arch}, ${base.file_type})`,
    `- size: ${base.bytes} bytes`,
    `- SHA-256: \`${base.sha256}\``,
    `- licence: ${base.licence ?? "not stated in the file"}\n`,
    ...(peft ? ["`adapter/peft` is for the checkpoint that the GGUF file was made from.\n"] : []),
    ...warnings.map((warning) => `> ${warning}\n`),
  ].join("\n");
}

function proof({ prompts, prompts_from }: ProbeFile): string {
  const proving = prompts.filter(({ proves }) => proves);
  const shown = proving.length > 0 ? proving : prompts;
  const said = (text: string) => (text === "" ? "nothing" : `\`${text.replace(/\s+/g, " ")}\``);
  const lines = shown.flatMap(({ prompt, expected, without_adapter }) => [
    `- Ask: **${prompt}**`,
    ...Object.entries(expected).map(([quant, text]) => `  - with it (${quant}) the answer begins ${said(text)}`),
    `  - without it ${said(without_adapter)}`,
  ]);
  return [
    "Ask with a temperature of 0 and no system prompt; what follows the beginning may differ from one program to another.",
    proving.length > 0
      ? ""
      : "Base and tuned model begin these answers alike, so they show that the file loads, not that the adapter is at work.",
    ...lines,
    "",
    prompts_from === "built-in"
      ? "The prompts are Hone's own; nothing here comes from the dataset.\n"
      : "The prompts were chosen by whoever made this export.\n",
  ].join("\n");
}

function measured({ eval: found, merge }: Bundle): string {
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
  const { exact_answers: exact } = found;
  return [
    exact
      ? `- Exact answers on ${exact.rows} held-out rows: ${percent(exact.before)} before, ${percent(exact.after)} after (with the adapter beside its base).`
      : "- The adapter was not scored.",
    `- ${merge.applied ? "The merged model" : "What was written"} was loaded again and compared with the adapter in memory on ${found.tokens} tokens (${found.on}):`,
    `  the likeliest token is the same at ${percent(found.top1_agreement)} of them, the divergence is ${found.kl_merged_vs_adapter} nats, the largest difference of a logit ${found.max_logit_difference}.\n`,
  ].join("\n");
}
