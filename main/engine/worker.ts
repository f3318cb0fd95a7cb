import { constants, setPriority } from "node:os";
import { parseArgs } from "node:util";
import { loadAddon } from "@main/engine/worker/addon";
import { engineWorker } from "@main/engine/worker/handlers";
import { parentPort } from "@main/engine/worker/parent-port";
import type { Addon } from "@shared/engine/addon";
import { engineContract } from "@shared/engine/protocol";
import { emitter, serve } from "@shared/ipc/channel";

// The engine process. Started by a spawner with --addon PATH --role ROLE; lives as long as its parent.

const { values } = parseArgs({ options: { addon: { type: "string" }, role: { type: "string" } } });

/** Windows and services stay quick while the engine computes: its threads inherit this. */
function stepBack(): void {
  try {
    setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // Without the right to change it the usual priority does.
  }
}

/** An engine that cannot be loaded says so to every call, and stays alive to say it. */
function addonOrComplaint(path: string): Addon {
  try {
    return loadAddon(path);
  } catch (error) {
    return new Proxy({} as Addon, {
      get: () => () => {
        throw error;
      },
    });
  }
}

// Ctrl+C in a terminal reaches the whole group of processes; the parent decides what becomes of the work.
process.on("SIGINT", () => undefined);

stepBack();
const port = parentPort();
const { handlers, rest } = engineWorker({
  addon: addonOrComplaint(values.addon ?? ""),
  emit: emitter(port),
  openModels: values.role === "training" ? 1 : 2,
});
serve(engineContract, handlers, port);

// A system that shuts down ends every process by itself: what was learned is written first.
for (const signal of ["SIGTERM", "SIGHUP"] as const) {
  process.once(signal, () => void rest().finally(() => process.kill(process.pid, signal)));
}
