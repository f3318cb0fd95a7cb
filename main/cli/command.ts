import type { ExitCode } from "@main/cli/exit";
import type { Output } from "@main/cli/output";
import type { EngineSpawner } from "@main/engine/spawner";
import type { Places } from "@main/shell/places";

/** What every command is given. */
export interface CommandContext {
  readonly places: Places;
  readonly spawner: EngineSpawner;
  readonly output: Output;
  /** Set when the person presses Ctrl+C; a second time ends the process. */
  readonly interrupted: AbortSignal;
  /** What the person types, for the interactive chat. */
  readonly input: NodeJS.ReadableStream;
}

export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  readonly help: string;
  run(args: readonly string[], context: CommandContext): Promise<ExitCode>;
}
