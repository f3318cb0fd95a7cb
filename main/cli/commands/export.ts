import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Command, CommandContext } from "@main/cli/command";
import { exitCodes } from "@main/cli/exit";
import { choiceFlag, readFlags, required } from "@main/cli/flags";
import type { LocalServices } from "@main/cli/local-client";
import { withScratchFolder, withServices } from "@main/cli/session";
import { dataFolder } from "@main/shell/data-folder";
import type { ExportResult, ExportType } from "@shared/models/export";

export const exportCommand: Command = {
  name: "export",
  summary: "write an adapter as a checked folder to take away",
  help: `npm run hone -- export --adapter FILE --model FILE --out DIR
npm run hone -- export --adapter ID --out DIR

Writes DIR/NAME-adapter with the adapter, how to load it, and checksums, after loading it again and comparing logits.
  --adapter FILE|FOLDER|ID   a GGUF adapter, the folder of one made with PEFT or MLX, or the id of one on the studio's shelf
  --model FILE               the base of the adapter file
  --type f32|f16|peft        GGUF with matrices of this type (f16), or the files that PEFT reads
  --name NAME                name of the adapter and its folder
  --data-folder DIR          where the studio keeps its things
  --json                     the result as JSON`,
  run: async (args, context) => {
    const { values } = readFlags(args, {
      adapter: { type: "string" },
      model: { type: "string" },
      out: { type: "string" },
      type: { type: "string" },
      name: { type: "string" },
      "data-folder": { type: "string" },
    });
    const adapter = required(values.adapter, "--adapter");
    const out = resolve(required(values.out, "--out"));
    const type = choiceFlag(values.type ?? "f16", "--type", ["f32", "f16", "peft"]);
    const wish = { out, type, name: values.name };
    const result = existsSync(adapter)
      ? await exportFile(resolve(adapter), resolve(required(values.model, "--model")), wish, context)
      : await withServices(context, dataFolder(values["data-folder"]), (services) => write(services, adapter, wish));
    const { check } = result.manifest;
    const words = `${result.folder} (checked on ${check.tokens} tokens: largest logit difference ${check.maxLogitDifference.toExponential(1)}, limit ${check.tolerance.toExponential(1)})`;
    context.output.result(result, words);
    return exitCodes.done;
  },
};

interface Wish {
  readonly out: string;
  readonly type: ExportType;
  readonly name: string | undefined;
}

function exportFile(path: string, model: string, wish: Wish, context: CommandContext): Promise<ExportResult> {
  return withScratchFolder((scratch) =>
    withServices(context, join(scratch, "data"), async (services) => {
      const { id: modelId } = await services.client.models.add({ path: model });
      const { id, notices } = await services.client.adapters.import({ path, modelId });
      for (const notice of notices) context.output.say(notice);
      return write(services, id, wish);
    }),
  );
}

async function write({ client }: LocalServices, adapterId: string, { out, type, name }: Wish): Promise<ExportResult> {
  if (name !== undefined) await client.adapters.rename({ id: adapterId, name });
  await mkdir(out, { recursive: true });
  return client.exports.adapter({ adapterId, folder: out, type });
}
