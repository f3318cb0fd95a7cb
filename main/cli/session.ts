import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CommandContext } from "@main/cli/command";
import { type LocalServices, openServices } from "@main/cli/local-client";
import type { EngineClient } from "@main/engine/client";
import { EngineHost } from "@main/engine/host";
import type { Starter } from "@main/seed";

/** The engine alone, for commands that keep nothing. */
export async function withEngine<T>(
  { places, spawner }: CommandContext,
  work: (engine: EngineClient) => Promise<T>,
): Promise<T> {
  const host = new EngineHost({ role: "studio", addonPath: places.addon, spawner });
  try {
    return await work(host.client);
  } finally {
    host.close();
  }
}

/** All services on a data folder, closed afterwards. Without `withStarter` nothing is put on the shelf. */
export async function withServices<T>(
  context: CommandContext,
  dataFolder: string,
  work: (services: LocalServices) => Promise<T>,
  withStarter = false,
): Promise<T> {
  const { places, spawner } = context;
  const starter: { starter?: Starter | null } = withStarter ? {} : { starter: null };
  const services = await openServices({ dataFolder, addonPath: places.addon, places, spawner, ...starter });
  try {
    return await work(services);
  } finally {
    await services.close();
  }
}

/** A folder that is gone afterwards. */
export async function withScratchFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "hone-"));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
