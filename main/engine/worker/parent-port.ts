import type { Port } from "@shared/ipc/channel";
import type { Message } from "@shared/ipc/envelope";

/** The part of Electron's `process.parentPort` that is used here. */
interface ElectronParentPort {
  postMessage(message: unknown): void;
  on(event: "message", listener: (event: { data: unknown }) => void): void;
}

/** The way back to the supervisor: Node's process messages, or Electron's port of a utility process. */
export function parentPort(): Port {
  const listeners = new Set<(message: Message) => void>();
  const receive = (message: unknown) => {
    for (const listener of [...listeners]) listener(message as Message);
  };
  const onMessage = (listener: (message: Message) => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  const electron = (process as unknown as { parentPort?: ElectronParentPort }).parentPort;
  if (electron) {
    electron.on("message", ({ data }) => receive(data));
    return { send: (message) => electron.postMessage(message), onMessage };
  }
  process.on("message", receive);
  // A parent that died leaves nobody to work for.
  process.on("disconnect", () => process.exit(0));
  return { send: (message) => void process.send?.(message), onMessage };
}
