import { fromErrorData, HoneError, toErrorData } from "@shared/errors";
import type { Client, Contract, Emit, Handlers } from "@shared/ipc/define";
import type { Message } from "@shared/ipc/envelope";

/** One end of a two-way pipe: WebSocket, ipcMain, process messages. Delivers in order. */
export interface Port {
  send(message: Message): void;
  /** Returns the removal of the listener. */
  onMessage(listener: (message: Message) => void): () => void;
}

/**
 * Answers the calls of `contract` that arrive at `port`. Inputs are parsed by their schemas: what does not fit is refused with
 * code "ipc.input" and never reaches a handler; an unknown path is refused with "ipc.unknown".
 */
export function serve<C extends Contract>(contract: C, handlers: Handlers<C>, port: Port): () => void {
  return port.onMessage(async (message) => {
    if (message.type !== "request") return;
    const { id, path } = message;
    try {
      port.send({ type: "reply", id, ok: true, value: await answer(contract, handlers, path, message.input) });
    } catch (error) {
      port.send({ type: "reply", id, ok: false, error: toErrorData(error) });
    }
  });
}

/** Runs one call by its path; the same checks as `serve`. */
export async function answer<C extends Contract>(
  contract: C,
  handlers: Handlers<C>,
  path: string,
  input: unknown,
): Promise<unknown> {
  const [group = "", name = "", ...more] = path.split(".");
  const definition =
    more.length === 0 && Object.hasOwn(contract, group) && Object.hasOwn(contract[group] ?? {}, name)
      ? contract[group]?.[name]
      : undefined;
  const handler = (handlers as Record<string, Record<string, (input: unknown) => unknown>>)[group]?.[name];
  if (definition?.kind !== "call" || !handler) {
    throw new HoneError("ipc.unknown", `There is no call named "${path}".`);
  }
  const parsed = definition.input.safeParse(input);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const place = issue?.path.length ? ` at "${issue.path.join(".")}"` : "";
    throw new HoneError(
      "ipc.input",
      `The input of ${path} does not fit${place}: ${issue?.message ?? "unknown reason"}`,
    );
  }
  return handler(parsed.data);
}

/** News to one port. */
export function emitter<C extends Contract>(port: Port): Emit<C> {
  return (group, name, payload) => port.send({ type: "news", path: `${group}.${name}`, payload });
}

/** The asking end. Calls reject with `HoneError`; after `close` open calls reject with "ipc.closed". */
export function connect<C extends Contract>(
  contract: C,
  port: Port,
): Client<C> & { readonly close: (why?: HoneError) => void } {
  let lastId = 0;
  let closed: HoneError | undefined;
  const open = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  const listeners = new Map<string, Set<(payload: unknown) => void>>();

  const stop = port.onMessage((message) => {
    if (message.type === "reply") {
      const waiting = open.get(message.id);
      open.delete(message.id);
      if (message.ok) waiting?.resolve(message.value);
      else waiting?.reject(fromErrorData(message.error));
    } else if (message.type === "news") {
      for (const listener of listeners.get(message.path) ?? []) listener(message.payload);
    }
  });

  const ask = (path: string) => (input: unknown) =>
    new Promise((resolve, reject) => {
      if (closed) return reject(closed);
      const id = ++lastId;
      open.set(id, { resolve, reject });
      port.send({ type: "request", id, path, input });
    });

  const listen = (path: string) => (listener: (payload: unknown) => void) => {
    const set = listeners.get(path) ?? new Set();
    listeners.set(path, set.add(listener));
    return () => void set.delete(listener);
  };

  const client: Record<string, Record<string, unknown>> = {};
  for (const [group, definitions] of Object.entries(contract)) {
    client[group] = {};
    for (const [name, definition] of Object.entries(definitions)) {
      const path = `${group}.${name}`;
      client[group][name] = definition.kind === "call" ? ask(path) : listen(path);
    }
  }
  const close = (why = new HoneError("ipc.closed", "The other side is gone.")) => {
    closed = why;
    stop();
    for (const { reject } of open.values()) reject(why);
    open.clear();
  };
  return Object.assign(client, { close }) as unknown as Client<C> & { close: typeof close };
}
