import type { AppInfo, EngineState } from "@shared/ipc/contract";
import type { AdapterRecord } from "@shared/models/adapter";
import type { Bundle } from "@shared/models/bundle";
import type { KeptCheckpoint, RunProof } from "@shared/models/checkpoint";
import type { DatasetGuess, DatasetRecord, RenderedRow } from "@shared/models/dataset";
import type { ExportPlan, ExportWish } from "@shared/models/export";
import type { MergePlan, MergeResult } from "@shared/models/merge";
import { mergeTypes } from "@shared/models/merge";
import type { ModelRecord } from "@shared/models/model";
import type { AdbState, PhoneShare } from "@shared/models/phone";
import type { Recipe } from "@shared/models/recipe";
import type { MetricPoint, RunHistory, RunRecord } from "@shared/models/run";
import type { SweepRecord } from "@shared/models/sweep";
import type { Verdict } from "@shared/models/verdict";

/** Plausible data to look at the pages with; nothing of it is in the product. */
export const hex = (seed: string) => {
  let state = 7;
  for (const letter of seed) state = (state * 31 + letter.charCodeAt(0)) >>> 0;
  let out = "";
  while (out.length < 64) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    out += state.toString(16).padStart(8, "0");
  }
  return out.slice(0, 64);
};
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

export const recipe: Recipe = {
  rank: 8,
  alpha: 16,
  rankStabilised: false,
  dropout: 0,
  projections: ["q", "k", "v", "o", "gate", "up", "down"],
  learningRate: 0.002,
  schedule: "cosine",
  warmup: 0.05,
  epochs: 3,
  maxSteps: null,
  batchSize: 16,
  accumulation: 2,
  contextLength: 256,
  packing: true,
  clipNorm: 1,
  weightDecay: 0,
  activationCheckpointing: false,
  validationShare: 0.05,
  validateEvery: 40,
  checkpointEvery: 100,
  sampleEvery: 100,
  seed: 1,
};

export const appInfo: AppInfo = {
  version: "0.1.0",
  shell: "served",
  platform: "linux x64",
  dataFolder: "/home/ada/.local/share/hone",
  homeFolder: "/home/ada",
  memoryBytes: 16_600_000_000,
  cores: 8,
};

export const engines: readonly EngineState[] = [
  { role: "training", state: "busy", lastError: null },
  { role: "studio", state: "ready", lastError: null },
];

const template = `{%- for m in messages %}
{{- '<|im_start|>' + m.role + '\\n' + m.content + '<|im_end|>' + '\\n' }}
{%- endfor %}
{%- if add_generation_prompt %}
{{- '<|im_start|>assistant\\n' }}
{%- endif %}`;

const model = (
  id: string,
  name: string,
  change: Partial<ModelRecord["info"]>,
  record: Partial<ModelRecord> = {},
): ModelRecord => ({
  id,
  info: {
    path: `/home/ada/models/${id}.gguf`,
    fileBytes: 6_912_448,
    name,
    architecture: "bitnet",
    parameters: 9_437_184,
    contextLength: 1024,
    embeddingLength: 320,
    feedForwardLength: 832,
    blockCount: 6,
    headCount: 5,
    headCountKv: 5,
    vocabularySize: 4096,
    types: [
      { dtype: "TQ2_0", tensors: 42, bytes: 1_622_016 },
      { dtype: "F16", tensors: 2, bytes: 5_242_880 },
      { dtype: "F32", tensors: 25, bytes: 33_280 },
    ],
    tokenizer: { model: "gpt2", pre: "default" },
    chatTemplate: template,
    activation: { kind: "relu2", source: "file" },
    license: "apache-2.0",
    description: "Short everyday conversations in plain English, within a small world.",
    whyNotTrainable: [],
    ...change,
  },
  digest: hex(id),
  origin: "file",
  addedAt: minutesAgo(3000),
  missing: false,
  ...record,
});

export const models: readonly ModelRecord[] = [
  model("hone-starter", "Hone starter 9M", {}, { origin: "starter" }),
  model(
    "bitnet-0.7b-tq2_0",
    "BitNet b1.58 0.7B",
    {
      fileBytes: 273_000_000,
      parameters: 729_000_000,
      contextLength: 4096,
      embeddingLength: 1536,
      feedForwardLength: 4096,
      blockCount: 24,
      headCount: 16,
      headCountKv: 16,
      vocabularySize: 32002,
      activation: { kind: "silu", source: "guess" },
      types: [
        { dtype: "TQ2_0", tensors: 168, bytes: 174_000_000 },
        { dtype: "F16", tensors: 2, bytes: 98_000_000 },
      ],
      license: "mit",
      tokenizer: { model: "llama", pre: "default" },
      chatTemplate: null,
      description: null,
    },
    { digest: null },
  ),
  model("qwen3-0.6b-q4_k_m", "Qwen3 0.6B", {
    architecture: "qwen3",
    fileBytes: 397_000_000,
    parameters: 596_000_000,
    contextLength: 40_960,
    types: [
      { dtype: "Q4_K", tensors: 170, bytes: 300_000_000 },
      { dtype: "Q6_K", tensors: 28, bytes: 90_000_000 },
    ],
    whyNotTrainable: ["the model has settings that Hone does not know: qwen3.final_logit_softcapping"],
    activation: { kind: "silu", source: "architecture" },
    description: null,
  }),
  model(
    "tinyllama-15m-q8_0",
    "TinyStories 15M",
    {
      architecture: "llama",
      fileBytes: 16_800_000,
      parameters: 15_200_000,
      activation: { kind: "silu", source: "architecture" },
      description: null,
    },
    { missing: true },
  ),
];

export const datasets: readonly DatasetRecord[] = [
  {
    id: "starter",
    name: "Requests to tool calls",
    origin: "starter",
    sourcePath: "/opt/hone/starter/tool-calls.jsonl",
    format: "messages",
    rows: 2400,
    skippedRows: 0,
    testRows: 60,
    digest: hex("tool"),
    addedAt: minutesAgo(3000),
  },
  {
    id: "support",
    name: "Support answers",
    origin: "file",
    sourcePath: "/home/ada/data/a rather long folder name/support-answers-2026-final-v3.csv",
    format: "alpaca",
    rows: 812,
    skippedRows: 14,
    testRows: 0,
    digest: hex("sup"),
    addedAt: minutesAgo(400),
  },
  {
    id: "diary",
    name: "diary",
    origin: "file",
    sourcePath: "/home/ada/diary.txt",
    format: "text",
    rows: 96,
    skippedRows: 0,
    testRows: 0,
    digest: hex("diary"),
    addedAt: minutesAgo(90),
  },
];

export const guess: DatasetGuess = {
  path: "/home/ada/data/calls.jsonl",
  container: "jsonl",
  format: "sharegpt",
  because: "Every line is an object with a list called “conversations” whose entries have “from” and “value”.",
  fields: ["conversations", "id"],
  rows: 412,
  problemCount: 3,
  problems: [
    {
      line: 17,
      code: "dataset.json",
      message: "This line is not valid JSON: unexpected end after column 212.",
      hint: "The line seems to be cut; close the string and the brackets, or delete it.",
    },
    {
      line: 90,
      code: "dataset.role",
      message: '“from” is "bot", which is none of human, user, gpt, assistant, system.',
      hint: 'Write "gpt" for the answers.',
    },
    {
      line: 233,
      code: "dataset.empty-answer",
      message: "The last message is from the user, so there is nothing to learn.",
      hint: "Add the answer that you want.",
    },
  ],
  sample: [
    {
      line: 1,
      messages: [
        { role: "system", content: "Answer with one JSON call." },
        { role: "user", content: "wake me at half past six" },
        { role: "assistant", content: '{"call":"set_alarm","time":"06:30"}' },
      ],
    },
    {
      line: 2,
      messages: [
        { role: "user", content: "text Anna that I'm late" },
        { role: "assistant", content: '{"call":"send_message","to":"Anna","text":"I\'m late"}' },
      ],
    },
    {
      line: 3,
      messages: [
        { role: "user", content: "what's on tomorrow?" },
        { role: "assistant", content: '{"call":"list_events","day":"tomorrow"}' },
      ],
    },
  ],
};

export const rows: readonly RenderedRow[] = Array.from({ length: 20 }, (_, index) => ({
  line: index + 1,
  tokens: 34 + index,
  learnedTokens: index === 4 ? 0 : 14,
  segments: [
    { text: "<|im_start|>user\nwake me at half past six<|im_end|>\n<|im_start|>assistant\n", kind: "masked" as const },
    ...(index === 4 ? [] : [{ text: '{"call":"set_alarm","time":"06:30"}<|im_end|>', kind: "learned" as const }]),
    {
      text: index === 2 ? " and then a long tail that no longer fits<|im_end|>" : "\n",
      kind: index === 2 ? ("cut" as const) : ("masked" as const),
    },
  ],
  problem:
    index === 4
      ? {
          line: 5,
          code: "row.no-target",
          message: "Nothing is left to learn in this row.",
          hint: "Its answer begins beyond the context length; raise it.",
        }
      : null,
}));

const run = (id: string, name: string, change: Partial<RunRecord>): RunRecord => ({
  id,
  name,
  modelId: "hone-starter",
  datasetId: "starter",
  goal: "format",
  recipe,
  state: "done",
  position: 0,
  createdAt: minutesAgo(200),
  startedAt: minutesAgo(199),
  finishedAt: minutesAgo(197),
  error: null,
  adapterId: null,
  resumable: false,
  sweepId: null,
  device: "cpu",
  scoreBy: null,
  note: "",
  progress: {
    step: 428,
    totalSteps: 428,
    phase: "saving",
    trainLoss: 0.0213,
    validationLoss: 0.0247,
    tokensPerSecond: 5210,
    memoryBytes: 148_000_000,
    elapsedSeconds: 104,
    remainingSeconds: 0,
  },
  ...change,
});

export const runs: readonly RunRecord[] = [
  run("live", "Tool calls, rank 16", {
    state: "running",
    startedAt: minutesAgo(1),
    finishedAt: null,
    progress: {
      step: 1800,
      totalSteps: 4280,
      phase: "training",
      trainLoss: 0.213,
      validationLoss: 0.247,
      tokensPerSecond: 5210,
      memoryBytes: 148_000_000,
      elapsedSeconds: 64,
      remainingSeconds: 87,
    },
  }),
  run("queued-1", "Tool calls, three rates: learning rate 0.0001", {
    sweepId: "sweep-1",
    state: "queued",
    position: 1,
    datasetId: "support",
    startedAt: null,
    finishedAt: null,
    progress: null,
  }),
  run("queued-2", "Diary voice", {
    state: "queued",
    position: 2,
    datasetId: "diary",
    goal: "style",
    startedAt: null,
    finishedAt: null,
    progress: null,
  }),
  run("paused", "Overnight on 0.7B", {
    state: "paused",
    modelId: "bitnet-0.7b-tq2_0",
    resumable: true,
    finishedAt: null,
  }),
  run("done", "Tool calls", {
    adapterId: "adapter-1",
    sweepId: "sweep-1",
    note: "Default settings; good enough for the phone.",
  }),
  run("failed", "Support answers", {
    sweepId: "sweep-1",
    state: "failed",
    datasetId: "support",
    resumable: true,
    createdAt: minutesAgo(2000),
    finishedAt: minutesAgo(1990),
    error: {
      code: "engine.killed",
      message:
        "The training engine was ended by the system at step 212: the machine ran out of memory (15.9 GB of 16.6 GB were in use).",
      hint: "Close other programs, or halve the context length. The run can go on from its checkpoint at step 200.",
    },
  }),
];

/** A curve with noise, spikes and validations, as training makes them. */
export function metric(step: number, total: number): MetricPoint {
  const noise = Math.sin(step * 12.9898) * 43758.5453;
  const random = noise - Math.floor(noise);
  const base = 0.02 + 3.1 * Math.exp(-step / (total * 0.12));
  const warm = Math.min(1, step / (total * 0.05));
  return {
    step,
    trainLoss: base * (0.7 + 0.6 * random) + (step % 611 === 0 ? 0.8 : 0),
    validationLoss: step % 200 === 0 ? base * 1.08 + 0.01 : null,
    learningRate: 0.002 * warm * 0.5 * (1 + Math.cos((Math.PI * step) / total)),
    gradientNorm: 0.3 + random * base,
    tokens: 4096,
    tokensPerSecond: 5000 + random * 400,
    memoryBytes: 148_000_000,
    elapsedSeconds: step / 28,
  };
}

export function history(steps: number, total: number): RunHistory {
  const prompts: readonly (readonly [string, string])[] = [
    ["wake me at half past six", '{"call":"set_alarm","time":"06:30"}'],
    ["text Anna that I'm late", '{"call":"send_message","to":"Anna","text":"I\'m late"}'],
    ["remind me to water the plants on Friday", '{"call":"add_reminder","text":"water the plants","day":"friday"}'],
  ];
  const samples = [0, 100, 200, 400, 800, 1600]
    .filter((step) => step <= steps)
    .flatMap((step) =>
      prompts.map(([prompt, expected], at) => ({
        step,
        prompt,
        expected,
        text:
          step === 0
            ? "Good morning! I slept well, thank you."
            : step < 400 + at * 300
              ? expected.slice(0, 22)
              : expected,
      })),
    );
  return {
    metrics: Array.from({ length: steps }, (_, index) => metric(index + 1, total)),
    samples,
    log: [
      { time: minutesAgo(2), level: "info", text: "Read 2,400 rows; 120 are kept for validation." },
      { time: minutesAgo(2), level: "warning", text: "3 rows are longer than 256 tokens and are cut." },
      ...Array.from({ length: 30 }, (_, index) => ({
        time: minutesAgo(2),
        level: "info" as const,
        text: `Checkpoint at step ${(index + 1) * 60}.`,
      })),
    ],
  };
}

export const adapters: readonly AdapterRecord[] = [
  {
    id: "adapter-1",
    name: "Tool calls",
    path: "/home/ada/.local/share/hone/adapters/a1.gguf",
    digest: hex("a1"),
    bytes: 1_240_000,
    rank: 8,
    alpha: 16,
    architecture: "bitnet",
    origin: "trained",
    modelId: "hone-starter",
    baseDigest: hex("hone-starter"),
    runId: "done",
    checkpointStep: null,
    datasetDigest: hex("tool"),
    recipe,
    recipeDigest: hex("recipe"),
    passport: null,
    finalTrainLoss: 0.0213,
    finalValidationLoss: 0.0247,
    scoreBy: "json",
    scoreBefore: { rows: 60, exactMatch: 0, contains: 0, jsonEqual: 0, loss: 2.31 },
    scoreAfter: { rows: 60, exactMatch: 0.9, contains: 0.9167, jsonEqual: 0.9333, loss: 0.031 },
    effect: {
      answersChanged: 60,
      answers: 60,
      generalLossBefore: 3.214,
      generalLossAfter: 3.271,
      generalTokens: 612,
    },
    createdAt: minutesAgo(197),
    missing: false,
  },
  {
    id: "adapter-2",
    name: "Polite voice from a friend",
    path: "/home/ada/polite.gguf",
    digest: hex("a2"),
    bytes: 2_480_000,
    rank: 16,
    alpha: 32,
    architecture: "bitnet",
    origin: "imported",
    modelId: "hone-starter",
    baseDigest: null,
    runId: null,
    checkpointStep: null,
    datasetDigest: null,
    recipe: null,
    recipeDigest: hex("friend"),
    passport: {
      madeBy: "Hone 0.1.0",
      digest: hex("friend-a2"),
      licence: "Apache-2.0",
      recipeDigest: hex("friend"),
      rows: 420,
      steps: 180,
      exactAnswers: { rows: 60, before: 0.1, after: 0.82 },
      parents: [
        { kind: "base", name: "Hone starter 9M", sha256: hex("hone-starter") },
        { kind: "adapter", name: "Polite voice", sha256: hex("friend-a2") },
      ],
      warnings: [],
    },
    finalTrainLoss: null,
    finalValidationLoss: null,
    scoreBy: null,
    scoreBefore: null,
    scoreAfter: null,
    effect: null,
    createdAt: minutesAgo(60),
    missing: false,
  },
];

export const sweeps: readonly SweepRecord[] = [
  {
    id: "sweep-1",
    name: "Tool calls, three rates",
    grid: { learningRate: [1e-4, 2e-4, 4e-4] },
    createdAt: minutesAgo(300),
    runs: [
      { id: "done", change: { learningRate: 2e-4 }, validationLoss: 0.0247 },
      { id: "failed", change: { learningRate: 4e-4 }, validationLoss: null },
      { id: "queued-1", change: { learningRate: 1e-4 }, validationLoss: null },
    ],
    winner: "done",
  },
];

/** Every 43rd step of the finished run. */
export const checkpoints: readonly KeptCheckpoint[] = Array.from({ length: 10 }, (_, index) => {
  const step = index === 9 ? 428 : 43 * (index + 1);
  const { trainLoss, validationLoss } = metric(step, 428);
  return {
    step,
    bytes: 3_720_000,
    checksum: hex(`c${step}`).slice(0, 16),
    writtenAt: minutesAgo(199 - index / 5),
    trainLoss,
    validationLoss,
    best: step === 215,
    adapterId: null,
  };
});

export const proof: RunProof = {
  resumes: [
    {
      time: minutesAgo(198.4),
      step: 172,
      from: "newest",
      checksum: hex("c172").slice(0, 16),
      written: hex("c172").slice(0, 16),
    },
  ],
  checkpoints: 10,
  digest: hex("a1"),
  results: [
    {
      time: minutesAgo(30),
      fromStep: 172,
      toStep: 428,
      checksum: hex("c172").slice(0, 16),
      expected: hex("a1"),
      found: hex("a1"),
      seconds: 74,
    },
  ],
  working: null,
  whyNot: null,
  error: null,
};

export const verdicts = (id: string): readonly Verdict[] =>
  id === "live"
    ? []
    : [
        {
          kind: "overfitting",
          tone: "warn",
          title: "Overfitting since step 210",
          cause:
            "The validation loss was lowest at step 210 (0.412) and rose to 0.466 at step 428: since then the run learns its rows by heart.",
          next: { label: "Try again and keep the best step", change: { patience: 3, validateEvery: 40 } },
        },
      ];

const mergedBytes = [15.8, 8.0, 8.0, 4.4, 3.5, 3.1, 3.0, 3.2, 2.9, 2.7, 2.5, 2.7, 2.4, 2.1, 1.8];

export const mergePlans = (): readonly MergePlan[] =>
  mergeTypes.map((type, index) => ({
    type,
    fileBytes: (mergedBytes[index] ?? 1) * 1e6,
    changed: 28,
    types: [{ dtype: "Q8_0", tensors: 28, bytes: 3e6 }],
    notes: type.includes("_k")
      ? [
          "8 matrices (such as blk.0.ffn_down.weight) are stored as Q5_0: rows of 672 weights are no whole blocks of Q4_K",
        ]
      : [],
  }));

export const merged = (): Omit<MergeResult, "path" | "bytes" | "plan"> => ({
  digest: hex("merged"),
  check: {
    merged: {
      tokens: 256,
      maxDifference: 0.21,
      logitSpread: 3.1,
      meanSquare: 0.00021,
      divergence: 0.0008,
      top1Agreement: 0.996,
    },
    base: { tokens: 256, maxDifference: 14, logitSpread: 3.1, meanSquare: 1.18, divergence: 2.4, top1Agreement: 0.31 },
  },
  warnings: [],
});

export function exportPlan({ profile, mergedType }: ExportWish): ExportPlan {
  const merged = profile === "android" || profile === "iphone" || profile === "merged";
  const blocked = profile === "iphone";
  return {
    profile,
    holds: merged ? "one model, merged, Q4_0" : "the adapter (F16)",
    mergedType: merged ? (mergedType ?? "q4_0") : null,
    bytes: merged ? 3_412_000 : 652_000,
    phoneGb: merged ? 3 : null,
    gates: [
      {
        id: "activation",
        state: blocked ? "block" : "pass",
        text: blocked
          ? "The base was trained with squared ReLU, but apps compute it with SiLU. Its answers are wrong there."
          : "The base uses silu, as runtimes built on llama.cpp compute it.",
        hint: blocked ? "Chat with it through the computer instead." : "",
        passable: blocked,
      },
      {
        id: "base",
        state: "pass",
        text: "The base is the file that the adapter was made for.",
        hint: "",
        passable: false,
      },
      { id: "agreement", state: "later", text: "The written files are compared.", hint: "", passable: false },
    ],
    ready: !blocked,
  };
}

export function bundle(adapter: AdapterRecord): Bundle {
  return {
    format: 1,
    name: adapter.name,
    profile: "adapter",
    created_by: { hone: "0.1.0", engine: "0.1.0", commit: null },
    base: {
      name: "Hone starter 9M",
      arch: "bitnet",
      sha256: hex("base"),
      bytes: 6_912_448,
      file_type: "TQ2_0",
      params: 9_000_000,
      hidden_activation: "silu",
      licence: "Apache-2.0",
      source: null,
    },
    adapter: {
      sha256: adapter.digest,
      bytes: adapter.bytes,
      rank: adapter.rank,
      alpha: adapter.alpha,
      targets: ["attn_q", "attn_v"],
      dtype: "F32",
      tensors: 24,
    },
    files: [
      {
        path: "adapter/tool-calls.lora-f16.gguf",
        bytes: 640_000,
        sha256: adapter.digest,
        role: "adapter",
        quant: "F16",
      },
      { path: "probe/prompts.json", bytes: 800, sha256: hex("probe"), role: "probe", quant: null },
      { path: "README.md", bytes: 1800, sha256: hex("readme"), role: "readme", quant: null },
    ],
    merge: { applied: false, formula: "W + alpha/r·B·A", quantised_from: null },
    training: {
      dataset_sha256: adapter.datasetDigest,
      recipe_sha256: hex("recipe"),
      rows: 1600,
      steps: 300,
      loss_before: 2.1,
      loss_after: adapter.finalTrainLoss,
      seed: 1,
    },
    eval: {
      tokens: 256,
      on: "held-out rows",
      kl_merged_vs_adapter: 2.31e-7,
      top1_agreement: 1,
      max_logit_difference: 0.00231,
      mean_square_difference: 1e-8,
      exact_answers: { rows: 60, before: 0, after: 0.9333 },
    },
    phones: [],
    warnings: [],
    checks: [{ runtime: "hone", version: "0.1.0", result: "loaded again" }],
    parents: [{ kind: "base", name: "Hone starter 9M", sha256: hex("base") }],
  };
}
const phoneAddress = {
  address: "192.168.1.20",
  network: "wlan0",
  url: "http://192.168.1.20:40123/0123456789abcdef0123456789abcdef/",
};

export const phoneShare: PhoneShare = {
  id: "share-1",
  adapterId: "adapter-1",
  adapterName: "Tool calls",
  addresses: [phoneAddress, { ...phoneAddress, address: "10.8.0.2", network: "tun0" }],
  chosen: phoneAddress,
  onNetwork: true,
  endsAt: new Date(Date.now() + 900_000).toISOString(),
  visitors: [
    {
      phone: "Android phone 192.168.1.7",
      seenAt: new Date().toISOString(),
      answers: 2,
      probed: null,
      ranInBrowser: false,
    },
  ],
  apps: {
    android: { holds: "Q4_0 merged", bytes: 812_000_000, phoneGb: 4, whyNot: "", warnings: [] },
    iphone: { holds: "Q4_K_M merged", bytes: 901_000_000, phoneGb: 4, whyNot: "", warnings: [] },
  },
  files: [
    {
      kind: "android",
      state: "ready",
      progress: 1,
      remainingSeconds: 0,
      name: "tool-calls.q4_0.gguf",
      bytes: 812_000_000,
      sha256: hex("phone"),
      proof: null,
      error: null,
    },
  ],
  transfers: [
    {
      phone: "Android phone 192.168.1.7",
      kind: "android",
      name: "tool-calls.q4_0.gguf",
      sentBytes: 300_000_000,
      totalBytes: 812_000_000,
      bytesPerSecond: 19_800_000,
      seconds: 15.1,
      state: "running",
    },
  ],
  probe: {
    prompt: "Wake me at half past six.",
    expected: '{"call":"set_alarm","time":"06:30',
    base: "Good morning!",
    tuned: '{"call":"set_alarm","time":"06:30"}',
  },
  ended: null,
};

export const adb: AdbState = {
  found: true,
  devices: [{ serial: "R5CT10XYZ", model: "Pixel 7", authorised: true }],
  push: null,
};
