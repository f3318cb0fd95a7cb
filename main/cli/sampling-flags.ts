import { numberFlag } from "@main/cli/flags";
import { UsageError } from "@main/cli/usage-error";
import { defaultSampling, type Sampling, samplingSchema } from "@shared/models/chat";

const keys = {
  temperature: "temperature",
  "top-k": "topK",
  "top-p": "topP",
  "min-p": "minP",
  "repetition-penalty": "repetitionPenalty",
  seed: "seed",
  "max-tokens": "maxTokens",
} as const satisfies Record<string, keyof Sampling>;

export const samplingOptions = {
  temperature: { type: "string" },
  "top-k": { type: "string" },
  "top-p": { type: "string" },
  "min-p": { type: "string" },
  "repetition-penalty": { type: "string" },
  seed: { type: "string" },
  "max-tokens": { type: "string" },
  stop: { type: "string", multiple: true },
  greedy: { type: "boolean" },
} as const;

export const samplingHelp = `  --temperature, --top-k, --top-p, --min-p, --repetition-penalty, --seed, --max-tokens   numbers
  --greedy                   always the likeliest token
  --stop TEXT                end the answer at this text; can be given more than once`;

export function readSampling(values: Readonly<Record<string, unknown>>): Sampling {
  const sampling: Record<string, unknown> = { ...defaultSampling, stop: values.stop ?? [] };
  if (values.greedy === true) sampling.temperature = 0;
  for (const [flag, key] of Object.entries(keys)) {
    const value = values[flag];
    if (typeof value === "string") sampling[key] = numberFlag(value, `--${flag}`);
  }
  const parsed = samplingSchema.safeParse(sampling);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new UsageError(
    `The sampling does not fit at "${issue?.path.join(".") ?? ""}": ${issue?.message ?? "unknown reason"}.`,
  );
}
