import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { nodeSpawner } from "@main/engine/spawner";
import { createServices } from "@main/services";
import { Broadcast } from "@main/shell/broadcast";
import { dataFolder } from "@main/shell/data-folder";
import { startFlags } from "@main/shell/flags";
import { findRoot, placesIn } from "@main/shell/places";
import { servedAbilities } from "@main/shell/served/abilities";
import { openBrowser } from "@main/shell/served/open-browser";
import { leaveNote, removeNote, runningUrl } from "@main/shell/served/running-instance";
import { startServer } from "@main/shell/served/server";
import { HoneError, toErrorData } from "@shared/errors";

export interface StartOptions {
  readonly flags: readonly string[];
  /** Ends the sentence "Hone is served to a browser …". */
  readonly why: string;
}

/** The served shell, from start-up to shut-down. */
export async function main({ flags, why }: StartOptions): Promise<void> {
  try {
    await start(startFlags(flags), why);
  } catch (error) {
    const { message, hint } = toErrorData(error);
    console.error(error instanceof HoneError ? message : error);
    if (hint) console.error(`hint: ${hint}`);
    process.exitCode = 1;
  }
}

async function start({ port, data, open }: ReturnType<typeof startFlags>, why: string): Promise<void> {
  const folder = dataFolder(data);
  const places = placesIn(findRoot(dirname(fileURLToPath(import.meta.url))));
  const broadcast = new Broadcast();
  const services = await createServices({
    dataFolder: folder,
    addonPath: places.addon,
    spawner: nodeSpawner(places.worker),
    emit: broadcast.emit,
    shell: servedAbilities,
    places,
  }).catch((error: unknown) => toRunningInstance(folder, error));
  if (!services) return;
  const server = await startServer({ rendererFolder: places.renderer, handlers: services.handlers, broadcast, port });
  await leaveNote(folder, server.url);
  closeOnSignal(async () => {
    await removeNote(folder);
    await server.close();
    await services.close();
  });
  console.log(`Hone is served to a browser ${why}.`);
  console.log(server.url);
  if (open) openBrowser(server.url);
}

/** A second start shows the way to the first. */
async function toRunningInstance(folder: string, error: unknown): Promise<null> {
  if (toErrorData(error).code !== "app.second-instance") throw error;
  const url = await runningUrl(folder);
  if (!url) throw error;
  console.log("Hone is already running; this is its address.");
  console.log(url);
  return null;
}

/** Ctrl+C and `kill` let work in progress reach the disk; a second one does not wait. */
function closeOnSignal(close: () => Promise<void>): void {
  let closing = false;
  const stop = () => {
    if (closing) process.exit(1);
    closing = true;
    close().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);
}
