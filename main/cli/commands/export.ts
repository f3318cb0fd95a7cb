import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Command, CommandContext } from "@main/cli/command";
import { exportMerged, mergedWords } from "@main/cli/commands/export-merged";
import { exitCodes } from "@main/cli/exit";
import { activationFlag, activationHelp, adapterFlag, choiceFlag, readFlags, required } from "@main/cli/flags";
import type { LocalServices } from "@main/cli/local-client";
import { withScratchFolder, withServices } from "@main/cli/session";
import { UsageError } from "@main/cli/usage-error";
import { dataFolder } from "@main/shell/data-folder";
import { toErrorData } from "@shared/errors";
import { mergeTypeSchema, mergeTypes } from "@shared/models/merge";

export const exportCommand: Command = {
  name: "export",
  summary: "write an adapter as a checked folder to take away",
  help: `npm run hone -- export --adapter FILE --model FILE --out DIR
npm run hone -- export --adapter ID --out DIR
npm run hone -- export --adapter FILE@0.8 --model FILE --out DIR --merge q8_0

Writes DIR/NAME-adapter with the adapter, how to load it, and checksums, after loading it again and comparing logits. With --merge
writes DIR/NAME-TYPE.gguf instead: the whole model with the adapter in it, checked in the same way.
  --adapter FILE|FOLDER|ID   a GGUF adapter, the folder of one made with PEFT or MLX, or the id of one on the studio's shelf
  --model FILE               the base of the adapter file
  --type f32|f16|peft        GGUF with matrices of this type (f16), or the files that PEFT reads
  --merge TYPE               one of ${mergeTypes.join(" ")}; an adapter file's
                             strength may follow it after an @
  --shrink-embedding         with --merge: embedding and head in the type, too; else they stay as they are
${activationHelp}
  --name NAME                name of the adapter and its folder
  --data-folder DIR          where the studio keeps its things
  --json                     the result as JSON`,
  run: async (args, context) => {
    const { values } = readFlags(args, {
      adapter: { type: "string" },
      model: { type: "string" },
      out: { type: "string" },
      type: { type: "string" },
      merge: { type: "string" },
      "shrink-embedding": { type: "boolean" },
      name: { type: "string" },
      activation: { type: "string" },
      "data-folder": { type: "string" },
    });
    const { path: adapter, strength } = adapterFlag(required(values.adapter, "--adapter"));
    const out = resolve(required(values.out, "--out"));
    const find = finder(adapter, values, context);
    if (values.merge !== undefined) {
      const type = choiceFlag(values.merge, "--merge", mergeTypeSchema.options);
      const embedding = values["shrink-embedding"] ? "shrink" : "keep";
      try {
        const result = await find((services, adapterId) =>
          exportMerged(services, context, { adapterId, folder: out, type, embedding, strength }),
        );
        context.output.result(result, mergedWords(result));
        return exitCodes.done;
      } catch (error) {
        if (!context.interrupted.aborted) throw error;
        context.output.fail(toErrorData(error));
        return exitCodes.interrupted;
      }
    }
    if (strength !== 1) throw new UsageError("A strength can only be merged in; leave out the @, or add --merge.");
    const type = choiceFlag(values.type ?? "f16", "--type", ["f32", "f16", "peft"]);
    const result = await find(async ({ client }, adapterId) => {
      await mkdir(out, { recursive: true });
      return client.exports.adapter({ adapterId, folder: out, type });
    });
    const { check } = result.manifest;
    const words = `${result.folder} (checked on ${check.tokens} tokens: largest logit difference ${check.maxLogitDifference.toExponential(1)}, limit ${check.tolerance.toExponential(1)})`;
    context.output.result(result, words);
    return exitCodes.done;
  },
};

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
