import { resolve } from "node:path";
import type { Command } from "@main/cli/command";
import { exitCodes } from "@main/cli/exit";
import { readFlags } from "@main/cli/flags";
import { formatBytes, formatCount } from "@main/cli/format";
import { withEngine } from "@main/cli/session";
import type { EngineClient } from "@main/engine/client";
import type { NativeAdapterInfo } from "@shared/engine/addon";
import { HoneError } from "@shared/errors";
import type { ModelInfo } from "@shared/models/model";

export const inspect: Command = {
  name: "inspect",
  summary: "show what is in a GGUF model or adapter",
  help: `npm run hone -- inspect FILE [--json]

Reads header and metadata only; nothing is computed.`,
  run: async (args, context) => {
    const { positionals } = readFlags(args, {}, ["FILE"]);
    const path = resolve(positionals[0] ?? "");
    await withEngine(context, async (engine) => {
      const found = await look(engine, path);
      if ("model" in found) context.output.result({ kind: "model", ...found.model }, modelCard(found.model));
      else context.output.result({ kind: "adapter", path, ...found.adapter }, adapterCard(path, found.adapter));
    });
    return exitCodes.done;
  },
};

/** A file that is neither gives the complaint about it as a model. */
async function look(
  engine: EngineClient,
  path: string,
): Promise<{ model: ModelInfo } | { adapter: NativeAdapterInfo }> {
  try {
    return { model: await engine.engine.inspect({ path }) };
  } catch (error) {
    if (error instanceof HoneError && /^(file|engine)\./.test(error.code)) throw error;
    const adapter = await engine.engine.inspectAdapter({ path }).catch(() => null);
    if (adapter) return { adapter };
    throw error;
  }
}

function modelCard(info: ModelInfo): string {
  const types = info.types
    .map(({ dtype, tensors, bytes }) => `${dtype} (${tensors} tensors, ${formatBytes(bytes)})`)
    .join(", ");
  return table([
    ["model", info.name],
    ["file", `${info.path} (${formatBytes(info.fileBytes)})`],
    ["architecture", `${info.architecture}, ${formatCount(info.parameters)} parameters`],
    [
      "shape",
      `${info.blockCount} blocks, width ${info.embeddingLength}, feed-forward ${info.feedForwardLength}, ${info.headCount} heads (${info.headCountKv} for keys and values)`,
    ],
    ["context", `${formatCount(info.contextLength)} tokens`],
    [
      "vocabulary",
      `${formatCount(info.vocabularySize)} tokens, ${info.tokenizer ? `${info.tokenizer.model} ${info.tokenizer.pre}` : "no tokenizer"}`,
    ],
    ["types", types],
    [
      "activation",
      `${info.activation.kind} (${info.activation.source})${info.activation.reason ? `: ${info.activation.reason}` : ""}`,
    ],
    ["chat template", info.chatTemplate === null ? "none in the file" : `${info.chatTemplate.length} characters`],
    ["licence", info.license ?? "not stated"],
    ["trainable", info.whyNotTrainable.length === 0 ? "yes" : `no: ${info.whyNotTrainable.join(" ")}`],
  ]);
}

function adapterCard(path: string, info: NativeAdapterInfo): string {
  return table([
    ["adapter", info.name === "" ? "(no name)" : info.name],
    ["file", path],
    ["for", `architecture ${info.architecture}`],
    ["rank, alpha", `${info.rank}, ${info.alpha}`],
    ["parameters", formatCount(info.parameters)],
    ...info.notices.map((notice): [string, string] => ["notice", notice]),
  ]);
}

function table(rows: readonly (readonly [string, string])[]): string {
  return rows.map(([name, value]) => `${name.padEnd(14)} ${value}`).join("\n");
}
