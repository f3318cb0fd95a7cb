import { keepAwake } from "@main/power/awake";
import { nothingTold } from "@main/power/reading";
import { createServices, type ServiceOptions } from "@main/services";
import { connect, emitter, type Port, serve } from "@shared/ipc/channel";
import { contract, type HoneContract } from "@shared/ipc/contract";
import type { Client } from "@shared/ipc/define";
import type { Message } from "@shared/ipc/envelope";

/** The services in this process, talked to through the contract as a window does. */
export interface LocalServices {
  readonly client: Client<HoneContract>;
  close(): Promise<void>;
}

export async function openServices(options: Omit<ServiceOptions, "emit" | "shell">): Promise<LocalServices> {
  const [here, there] = portPair();
  const services = await createServices({
    ...options,
    aftermath: false,
    manners: false,
    emit: emitter<HoneContract>(there),
    shell: {
      kind: "served",
      pick: async () => ({ supported: false, path: null }),
      reveal: async () => ({ supported: false }),
      keepAwake,
      readPower: async () => nothingTold,
    },
  });
  serve(contract, services.handlers, there);
  return { client: connect(contract, here), close: () => services.close() };
}

/** Two ends of a pipe; what one sends the other hears, in order. */
function portPair(): [Port, Port] {
  const listeners = [new Set<(message: Message) => void>(), new Set<(message: Message) => void>()] as const;
  const end = (mine: 0 | 1): Port => ({
    send: (message) => {
      for (const listener of [...listeners[mine === 0 ? 1 : 0]]) listener(message);
    },
    onMessage: (listener) => {
      listeners[mine].add(listener);
      return () => void listeners[mine].delete(listener);
    },
  });
  return [end(0), end(1)];
}
