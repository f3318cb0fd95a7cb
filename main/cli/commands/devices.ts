import type { Command } from "@main/cli/command";
import { exitCodes } from "@main/cli/exit";
import { readFlags } from "@main/cli/flags";
import { formatBytes } from "@main/cli/format";
import { withEngine } from "@main/cli/session";

export const devices: Command = {
  name: "devices",
  summary: "list where the engine can compute",
  help: "npm run hone -- devices [--json]",
  run: async (args, context) => {
    readFlags(args, {});
    const found = await withEngine(context, (engine) => engine.engine.devices());
    const lines = found.devices.map(
      ({ id, name, memoryBytes, threads, features }) =>
        `${id.padEnd(10)} ${name}, ${threads} threads, ${formatBytes(memoryBytes)}, ${features.join(" ")}`,
    );
    context.output.result(found, [...lines, ...found.notes].join("\n"));
    return exitCodes.done;
  },
};
