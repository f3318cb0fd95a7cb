import { type EngineContract, engineContract } from "@shared/engine/protocol";
import type { Client } from "@shared/ipc/define";

export type EngineClient = Client<EngineContract>;

/**
 * A client of the engine that outlives its processes: calls wait for a process that is ready, listeners stay. `call` is asked
 * with the path ("group.name") and the input of each call.
 */
export function lastingClient(call: (path: string, input: unknown) => Promise<unknown>): {
  readonly client: EngineClient;
  readonly tell: (path: string, payload: unknown) => void;
} {
  const listeners = new Map<string, Set<(payload: unknown) => void>>();
  const client: Record<string, Record<string, unknown>> = {};
  for (const [group, definitions] of Object.entries(engineContract)) {
    const members: Record<string, unknown> = {};
    for (const [name, definition] of Object.entries(definitions)) {
      const path = `${group}.${name}`;
      members[name] =
        definition.kind === "call"
          ? (input: unknown) => call(path, input)
          : (listener: (payload: unknown) => void) => {
              const set = listeners.get(path) ?? new Set();
              listeners.set(path, set.add(listener));
              return () => void set.delete(listener);
            };
    }
    client[group] = members;
  }
  return {
    client: client as unknown as EngineClient,
    tell: (path, payload) => {
      for (const listener of [...(listeners.get(path) ?? [])]) listener(payload);
    },
  };
}
