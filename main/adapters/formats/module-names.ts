/** Modules of a block by their names in Hugging Face checkpoints, and the matrices they are in GGUF files. */
type Names = Readonly<Record<string, string>>;

const common: Names = {
  "self_attn.q_proj": "attn_q",
  "self_attn.k_proj": "attn_k",
  "self_attn.v_proj": "attn_v",
  "self_attn.o_proj": "attn_output",
  "mlp.gate_proj": "ffn_gate",
  "mlp.up_proj": "ffn_up",
  "mlp.down_proj": "ffn_down",
};

const special: Readonly<Record<string, Names>> = {
  // Fused matrices are adapted as they are.
  phi3: {
    "self_attn.qkv_proj": "attn_qkv",
    "self_attn.o_proj": "attn_output",
    "mlp.gate_up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
  },
  lfm2: {
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.out_proj": "attn_output",
    "conv.in_proj": "shortconv.in_proj",
    "conv.out_proj": "shortconv.out_proj",
    "feed_forward.w1": "ffn_gate",
    "feed_forward.w3": "ffn_up",
    "feed_forward.w2": "ffn_down",
  },
};

const namesOf = (architecture: string): Names => special[architecture] ?? common;

/** "model.layers.3.self_attn.q_proj", whatever comes before "layers", -> "blk.3.attn_q.weight"; null for unknown modules. */
export function tensorOfModule(architecture: string, path: string): string | null {
  if (/^(?:.*\.)?lm_head$/.test(path)) return "output.weight";
  const [, layer, module = ""] = /^(?:.*\.)?layers\.(\d{1,5})\.(.+)$/.exec(path) ?? [];
  const names = namesOf(architecture);
  if (layer === undefined || !Object.hasOwn(names, module)) return null;
  return `blk.${Number(layer)}.${names[module]}.weight`;
}

/** "blk.3.attn_q.weight" -> "model.layers.3.self_attn.q_proj"; null for matrices that no module has. */
export function moduleOfTensor(architecture: string, tensor: string): string | null {
  if (tensor === "output.weight") return "lm_head";
  const [, layer, matrix] = /^blk\.(\d{1,5})\.(.+)\.weight$/.exec(tensor) ?? [];
  const found = Object.entries(namesOf(architecture)).find(([, name]) => name === matrix);
  return found ? `model.layers.${layer}.${found[0]}` : null;
}

/** Pairs on vectors load elsewhere and do nothing, because only matrix products apply an adapter. */
export function hasNoEffect(tensor: string): boolean {
  return tensor.endsWith("_norm.weight") || tensor.endsWith(".scale");
}

/** Where a pair stands in files: by layer, then in the order in which the matrices are used; the head last. */
export function placeOfTensor(architecture: string, tensor: string): number {
  const [, layer, matrix] = /^blk\.(\d+)\.(.+)\.weight$/.exec(tensor) ?? [];
  if (layer === undefined) return Number.MAX_SAFE_INTEGER;
  return Number(layer) * 100 + Object.values(namesOf(architecture)).indexOf(matrix ?? "");
}
