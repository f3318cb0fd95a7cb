import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Command, CommandContext } from "@main/cli/command";
import { exportMerged, mergedWords } from "@main/cli/commands/export-merged";
import { exitCodes } from "@main/cli/exit";
import {
  activationFlag,
  activationHelp,
  adapterFlag,
  choiceFlag,
  numberFlag,
  readFlags,
  required,
} from "@main/cli/flags";
import { formatBytes, formatDuration } from "@main/cli/format";
import type { LocalServices } from "@main/cli/local-client";
import { withScratchFolder, withServices } from "@main/cli/session";
import { UsageError } from "@main/cli/usage-error";
import { dataFolder } from "@main/shell/data-folder";
import { toErrorData } from "@shared/errors";
import { type ExportGate, type ExportRequest, exportProfiles, passableGates } from "@shared/models/export";
import { mergeTypeSchema, mergeTypes } from "@shared/models/merge";

export const exportCommand: Command = {
  name: "export",
  summary: "write an adapter as a checked folder to take away",
  help: `npm run hone -- export --adapter FILE --model FILE --out DIR [--for PROFILE]
npm run hone -- export --adapter ID --out DIR
npm run hone -- export --adapter FILE@0.8 --model FILE --out DIR --merge q8_0

Writes DIR/NAME-hone (or NAME-hone.zip) with the adapter, how to load it, probe prompts and checksums, after loading it again
and comparing it with the adapter in memory. It appears when it is whole, or not at all.
  --adapter FILE|FOLDER|ID   a GGUF adapter, the folder of one made with PEFT or MLX, or the id of one on the studio's shelf
  --model FILE               the base of the adapter file
  --for PROFILE              adapter (when left out): the GGUF adapter
                             peft: the files that PEFT reads; developer: both of them
                             pair: base and adapter, for runtimes that take adapters; page: the same for a browser, in parts
                             android, iphone: one merged file for apps; merged: one in a type of your choice
                             ollama: the adapter and a Modelfile
  --type TYPE                of the adapter: f16, f32; of a merged file: one of
                             ${mergeTypes.join(" ")}
  --merge TYPE               only the merged model, without a folder around it: DIR/NAME-TYPE.gguf; an adapter file's strength
                             may follow it after an @
  --shrink-embedding         with --merge: embedding and head in the type, too; else they stay as they are
  --phone GB                 memory of the phone it is for
  --probe TEXT               a prompt of your own to prove that it works, in place of Hone's; up to five times
  --pass activation|memory   go on although this gate says no, because you know why
  --zip                      one archive instead of a folder
  --plan                     only say what it would hold and weigh, and what stands against it
${activationHelp}
  --name NAME                name of the adapter and its folder
  --data-folder DIR          where the studio keeps its things
  --json                     progress and result as JSON, one object per line`,
  run: async (args, context) => {
    const { values } = readFlags(args, {
      adapter: { type: "string" },
      model: { type: "string" },
      out: { type: "string" },
      for: { type: "string" },
      type: { type: "string" },
      merge: { type: "string" },
      "shrink-embedding": { type: "boolean" },
      phone: { type: "string" },
      probe: { type: "string", multiple: true },
      pass: { type: "string", multiple: true },
      zip: { type: "boolean" },
      plan: { type: "boolean" },
      name: { type: "string" },
      activation: { type: "string" },
      "data-folder": { type: "string" },
    });
    const { path: adapter, strength } = adapterFlag(required(values.adapter, "--adapter"));
    const out = resolve(required(values.out, "--out"));
    const find = finder(adapter, values, context);
    try {
      if (values.merge !== undefined) {
        const type = choiceFlag(values.merge, "--merge", mergeTypeSchema.options);
        const embedding = values["shrink-embedding"] ? "shrink" : "keep";
        const result = await find((services, adapterId) =>
          exportMerged(services, context, { adapterId, folder: out, type, embedding, strength }),
        );
        context.output.result(result, mergedWords(result));
        return exitCodes.done;
      }
      if (strength !== 1) throw new UsageError("A strength can only be merged in; leave out the @, or add --merge.");
      const request = requestFlags(values);
      await find((services, adapterId) =>
        values.plan
          ? showPlan(services, { adapterId, folder: out, ...request }, context)
          : write(services, { adapterId, folder: out, ...request }, context),
      );
      return exitCodes.done;
    } catch (error) {
      if (!context.interrupted.aborted) throw error;
      context.output.fail(toErrorData(error));
      return exitCodes.interrupted;
    }
  },
};

interface RequestFlags {
  readonly for?: string | undefined;
  readonly type?: string | undefined;
  readonly phone?: string | undefined;
  readonly probe?: string[] | undefined;
  readonly pass?: string[] | undefined;
  readonly zip?: boolean | undefined;
}

function requestFlags(values: RequestFlags): Omit<ExportRequest, "adapterId" | "folder"> {
  return {
    profile: choiceFlag(values.for ?? "adapter", "--for", exportProfiles),
    ...typeFlag(values.type),
    ...(values.phone === undefined ? {} : { phoneGb: numberFlag(values.phone, "--phone") }),
    ...(values.probe ? { probes: values.probe } : {}),
    pass: (values.pass ?? []).map((gate) => choiceFlag(gate, "--pass", passableGates)),
    zip: values.zip === true,
  };
}

/** Which of the two kinds of type is meant is settled by the profile. */
function typeFlag(type: string | undefined): Pick<ExportRequest, "adapterType" | "mergedType"> {
  if (type === undefined) return {};
  const known = choiceFlag(type, "--type", mergeTypeSchema.options);
  return { mergedType: known, ...(known === "f16" || known === "f32" ? { adapterType: known } : {}) };
}

interface Where {
  readonly model?: string | undefined;
  readonly name?: string | undefined;
  readonly activation?: string | undefined;
  readonly "data-folder"?: string | undefined;
}

/** Opens services that have the adapter on their shelf: the studio's own, or for a file passing ones. */
function finder(adapter: string, where: Where, context: CommandContext) {
  return <T>(work: (services: LocalServices, adapterId: string) => Promise<T>): Promise<T> => {
    const named = async (services: LocalServices, id: string) => {
      if (where.name !== undefined) await services.client.adapters.rename({ id, name: where.name });
      return work(services, id);
    };
    if (!existsSync(adapter))
      return withServices(context, dataFolder(where["data-folder"]), (services) => named(services, adapter));
    const path = resolve(adapter);
    const model = resolve(required(where.model, "--model"));
    return withScratchFolder((scratch) =>
      withServices(context, join(scratch, "data"), async (services) => {
        const { id: modelId } = await services.client.models.add({ path: model });
        const { activation } = activationFlag(where.activation);
        if (activation) await services.client.models.chooseActivation({ id: modelId, activation });
        const { id, notices } = await services.client.adapters.import({ path, modelId });
        for (const notice of notices) context.output.say(notice);
        return named(services, id);
      }),
    );
  };
}

async function showPlan({ client }: LocalServices, request: ExportRequest, { output }: CommandContext): Promise<void> {
  const { folder, zip, probes: _, ...wish } = request;
  await mkdir(folder, { recursive: true });
  const [plan] = await client.exports.plan({ wishes: [wish], folder, zip: zip === true });
  if (!plan) return;
  for (const gate of plan.gates) output.say(gateLine(gate));
  output.result(plan, `${plan.ready ? "Ready" : "Blocked"}: ${plan.holds}, ${formatBytes(plan.bytes)}`);
}

async function write(
  { client }: LocalServices,
  request: ExportRequest,
  { output, interrupted }: CommandContext,
): Promise<void> {
  await mkdir(request.folder, { recursive: true });
  const stopNews = client.exports.progress(({ stage, share, remainingSeconds }) => {
    output.event("progress", { stage, share, remainingSeconds });
    const left = remainingSeconds === null ? "" : `, ${formatDuration(remainingSeconds)} left`;
    output.live(`${stage} … ${Math.round(share * 100)} %${left}`);
  });
  const cancel = () => void client.exports.cancel({ adapterId: request.adapterId });
  interrupted.addEventListener("abort", cancel, { once: true });
  try {
    const result = await client.exports.write(request);
    for (const gate of result.gates) output.say(gateLine(gate));
    const { eval: found } = result.bundle;
    output.result(
      result,
      `${result.path} (checked on ${found.tokens} tokens: the same best token at ${(found.top1_agreement * 100).toFixed(1)} %, divergence ${found.kl_merged_vs_adapter})`,
    );
  } finally {
    interrupted.removeEventListener("abort", cancel);
    stopNews();
  }
}

function gateLine({ state, text, hint }: ExportGate): string {
  const sign = { pass: "✓", warn: "!", block: "✗", later: "…" }[state];
  return `${sign} ${text}${state !== "pass" && hint ? `\n  ${hint}` : ""}`;
}
