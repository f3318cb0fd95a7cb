import { parseStrictJson } from "@main/adapters/formats/strict-json";
import { HoneError } from "@shared/errors";
import { z } from "zod";

const numbers = z.record(z.string(), z.number()).nullish();

const schema = z.looseObject({
  peft_type: z.literal("LORA"),
  r: z.number().default(8),
  lora_alpha: z.number().default(8),
  rank_pattern: numbers,
  alpha_pattern: numbers,
  use_rslora: z.boolean().nullish(),
  base_model_name_or_path: z.string().nullish(),
});
export type PeftConfig = z.infer<typeof schema>;

/** Fields whose effect a GGUF adapter cannot have, and why. Absent, null, false and empty values are fine. */
const refused: Readonly<Record<string, string>> = {
  use_dora: "it is a DoRA adapter, whose magnitudes have no place in a GGUF adapter",
  lora_bias: "it trains biases, which have no place in a GGUF adapter",
  fan_in_fan_out: "its layers are stored the other way round, as only GPT-2 has them",
  target_parameters: "it changes parameters that are no linear layers",
  trainable_token_indices: "it trains single rows of the embedding",
  layer_replication: "it repeats layers of its base",
  alora_invocation_tokens: "it is an activated LoRA, which switches on in the middle of a prompt",
};

/** Known, and without effect on what the adapter computes. */
const harmless = new Set([
  ...[
    "peft_type",
    "task_type",
    "base_model_name_or_path",
    "revision",
    "r",
    "lora_alpha",
    "rank_pattern",
    "alpha_pattern",
  ],
  ...["use_rslora", "target_modules", "exclude_modules", "layers_to_transform", "layers_pattern", "modules_to_save"],
  ...[
    "lora_dropout",
    "bias",
    "init_lora_weights",
    "inference_mode",
    "peft_version",
    "auto_mapping",
    "qalora_group_size",
  ],
  ...["megatron_config", "megatron_core", "loftq_config", "eva_config", "corda_config", "runtime_config"],
  ...["ensure_weight_tying"],
]);

const isSet = (value: unknown): boolean =>
  value !== null &&
  value !== undefined &&
  value !== false &&
  value !== "" &&
  !(typeof value === "object" && Object.keys(value).length === 0);

/** Throws "adapter.config" or "adapter.unsupported", saying what about it cannot be converted. */
export function parsePeftConfig(text: string): { config: PeftConfig; notices: string[] } {
  const parsed = schema.safeParse(parseStrictJson(text, "adapter_config.json"));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new HoneError(
      "adapter.config",
      `adapter_config.json is not one of a LoRA adapter: ${issue?.path.join(".") || "it"}: ${issue?.message}.`,
      "Choose the folder of a LoRA adapter made with PEFT.",
    );
  }
  const config = parsed.data;
  for (const [field, why] of Object.entries(refused)) {
    if (isSet(config[field])) throw unsupported(`${field} is set: ${why}`);
  }
  const start = config.init_lora_weights;
  if (typeof start === "string" && !/^(gaussian|eva|orthogonal|true|false)$/i.test(start)) {
    throw unsupported(
      `init_lora_weights is ${JSON.stringify(start.slice(0, 40))}: such an adapter belongs to a base that was changed before training`,
    );
  }
  const unknown = Object.keys(config).filter(
    (field) => !harmless.has(field) && !Object.hasOwn(refused, field) && isSet(config[field]),
  );
  const notices = unknown.map(
    (field) => `adapter_config.json sets ${field}, which Hone does not know and passed over.`,
  );
  return { config, notices };
}

function unsupported(why: string): HoneError {
  return new HoneError(
    "adapter.unsupported",
    `This adapter cannot be converted: ${why}.`,
    "Merge it into its base with the tool that made it, and open the merged model.",
  );
}
