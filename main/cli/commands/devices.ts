import type { Command } from "@main/cli/command";
import { exitCodes } from "@main/cli/exit";
import { readFlags } from "@main/cli/flags";
import { formatBytes } from "@main/cli/format";
import { withEngine } from "@main/cli/session";
import type { Device } from "@shared/models/device";

export const devices: Command = {
  name: "devices",
  summary: "list where the engine can compute",
  help: "npm run hone -- devices [--json]",
  run: async (args, context) => {
    readFlags(args, {});
    const found = await withEngine(context, (engine) => engine.engine.devices());
    const lines = found.devices.map((device) => `${device.id.padEnd(10)} ${device.name}, ${facts(device)}`);
    context.output.result(found, [...lines, ...found.notes].join("\n"));
    return exitCodes.done;
  },
};

function facts({ threads, memoryBytes, features, gpu }: Device): string {
  const size = formatBytes(memoryBytes);
  if (!gpu) return `${threads} threads, ${size}, ${features.join(" ")}`;
  const known = [gpu.build, size, gpu.driver, `Vulkan ${gpu.api}`, ...features];
  return `${known.join(", ")}${gpu.unusable && `; cannot be used: ${gpu.unusable}`}`;
}
