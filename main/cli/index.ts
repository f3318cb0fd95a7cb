import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import type { Command, CommandContext } from "@main/cli/command";
import { chat } from "@main/cli/commands/chat";
import { demo } from "@main/cli/commands/demo";
import { devices } from "@main/cli/commands/devices";
import { exportCommand } from "@main/cli/commands/export";
import { inspect } from "@main/cli/commands/inspect";
import { logits } from "@main/cli/commands/logits";
import { train } from "@main/cli/commands/train";
import { verify } from "@main/cli/commands/verify";
import { type ExitCode, exitCodes } from "@main/cli/exit";
import { Output, processTerminal, type Terminal } from "@main/cli/output";
import { UsageError } from "@main/cli/usage-error";
import { type EngineSpawner, nodeSpawner } from "@main/engine/spawner";
import { findRoot, placesIn } from "@main/shell/places";
import { toErrorData } from "@shared/errors";

const commands: readonly Command[] = [train, chat, exportCommand, inspect, devices, logits, demo, verify];

const overview = `npm run hone -- COMMAND …

${commands.map(({ name, summary }) => `  ${name.padEnd(10)} ${summary}`).join("\n")}

npm run hone -- COMMAND --help tells more. Exit codes: 0 done, 1 failed, 2 not understood, 130 interrupted.`;

/** What a test puts in the place of the process's own. */
export interface Surroundings {
  readonly terminal?: Terminal;
  readonly input?: NodeJS.ReadableStream;
  readonly spawner?: EngineSpawner;
  readonly interrupted?: AbortSignal;
  /** Folder of a starter other than the one in the box. */
  readonly starter?: string;
}

/** `npm run hone -- …`. Answers with the exit code; never rejects. */
export async function main(args: readonly string[], surroundings: Surroundings = {}): Promise<ExitCode> {
  const terminal = surroundings.terminal ?? processTerminal;
  const output = new Output(args.includes("--json"), terminal);
  const [name, ...rest] = args;
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    terminal.write(`${overview}\n`);
    return name === undefined ? exitCodes.usage : exitCodes.done;
  }
  const command = commands.find((candidate) => candidate.name === name);
  if (!command) return misunderstood(output, `There is no command "${name}".`, overview);
  if (rest.includes("--help") || rest.includes("-h")) {
    terminal.write(`${command.help}\n`);
    return exitCodes.done;
  }
  const own = placesIn(findRoot(dirname(fileURLToPath(import.meta.url))));
  const places = { ...own, starter: surroundings.starter ?? own.starter };
  const context: CommandContext = {
    places,
    spawner: surroundings.spawner ?? nodeSpawner(places.worker),
    output,
    interrupted: surroundings.interrupted ?? interruption(),
    input: surroundings.input ?? process.stdin,
  };
  try {
    return await command.run(rest, context);
  } catch (error) {
    if (error instanceof UsageError) return misunderstood(output, error.message, command.help);
    output.fail(toErrorData(error));
    return exitCodes.failed;
  }
}

function misunderstood(output: Output, message: string, help: string): ExitCode {
  output.fail({ code: "cli.usage", message, hint: output.json ? "Ask for --help." : `\n${help}` });
  return exitCodes.usage;
}

/** The first Ctrl+C asks for an orderly end, the second one does not wait. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(exitCodes.interrupted);
      controller.abort();
    });
  }
  return controller.signal;
}
