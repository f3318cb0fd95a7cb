import { availableParallelism, homedir, totalmem } from "node:os";
import { browse } from "@main/app/browse";
import type { EngineHost } from "@main/engine/host";
import type { ShellAbilities } from "@main/shell/abilities";
import type { HoneContract } from "@shared/ipc/contract";
import type { Handlers } from "@shared/ipc/define";

export interface AppServices {
  readonly version: string;
  readonly dataFolder: string;
  readonly shell: ShellAbilities;
  readonly training: EngineHost;
  readonly studio: EngineHost;
}

export function appHandlers({
  version,
  dataFolder,
  shell,
  training,
  studio,
}: AppServices): Handlers<HoneContract>["app"] {
  return {
    info: () => ({
      version,
      shell: shell.kind,
      platform: process.platform,
      dataFolder,
      homeFolder: homedir(),
      memoryBytes: totalmem(),
      cores: availableParallelism(),
    }),
    engines: () => [training.state, studio.state],
    browse: ({ folder, extensions }) => browse(folder, extensions),
    pick: ({ kind }) => shell.pick(kind),
    reveal: ({ path }) => shell.reveal(path),
  };
}
