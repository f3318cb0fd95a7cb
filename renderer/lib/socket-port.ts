import type { Port } from "@shared/ipc/channel";
import type { Message } from "@shared/ipc/envelope";

export type LinkState = "connecting" | "open" | "lost" | "refused";

export interface Link {
  readonly port: Port;
  readonly state: () => LinkState;
  readonly onState: (listener: (state: LinkState) => void) => () => void;
  /** Tries again now instead of waiting. */
  readonly retry: () => void;
  readonly close: () => void;
}

const firstDelay = 400;
const longestDelay = 8000;

/**
 * A port over a WebSocket that comes back by itself. While the first connection is made messages wait; when a connection is lost,
 * open requests are answered with "ipc.lost" so that nobody waits for ever. "refused": three attempts in a row never opened.
 */
export function socketLink(makeSocket: () => WebSocket): Link {
  const messages = new Set<(message: Message) => void>();
  const states = new Set<(state: LinkState) => void>();
  const unanswered = new Set<number>();
  let waiting: Message[] = [];
  let state: LinkState = "connecting";
  let socket: WebSocket | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let delay = firstDelay;
  let everOpen = false;
  let failures = 0;
  let closed = false;

  const become = (next: LinkState) => {
    if (state === next) return;
    state = next;
    for (const listener of states) listener(next);
  };
  const deliver = (message: Message) => {
    for (const listener of messages) listener(message);
  };
  const giveUp = (id: number) => {
    unanswered.delete(id);
    const error = {
      code: "ipc.lost",
      message: "The connection to Hone's services was lost.",
      hint: "The window reconnects by itself. Runs go on without it; try again in a moment.",
    };
    deliver({ type: "reply", id, ok: false, error });
  };

  const open = () => {
    clearTimeout(timer);
    const current = makeSocket();
    socket = current;
    current.onopen = () => {
      everOpen = true;
      failures = 0;
      delay = firstDelay;
      const held = waiting;
      waiting = [];
      for (const message of held) current.send(JSON.stringify(message));
      become("open");
    };
    current.onmessage = (event: MessageEvent) => {
      const message = parse(event.data);
      if (message?.type === "reply") unanswered.delete(message.id);
      if (message) deliver(message);
    };
    current.onclose = () => {
      if (socket !== current || closed) return;
      socket = null;
      waiting = [];
      for (const id of [...unanswered]) giveUp(id);
      failures += 1;
      become(!everOpen && failures >= 3 ? "refused" : everOpen ? "lost" : "connecting");
      timer = setTimeout(open, delay);
      delay = Math.min(delay * 1.7, longestDelay);
    };
  };
  open();

  return {
    port: {
      send(message) {
        if (message.type === "request") unanswered.add(message.id);
        if (state === "open" && socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
        else if (state === "connecting") waiting.push(message);
        else if (message.type === "request") queueMicrotask(() => giveUp(message.id));
      },
      onMessage(listener) {
        messages.add(listener);
        return () => void messages.delete(listener);
      },
    },
    state: () => state,
    onState(listener) {
      states.add(listener);
      return () => void states.delete(listener);
    },
    retry() {
      if (state === "open" || socket?.readyState === WebSocket.CONNECTING) return;
      delay = firstDelay;
      open();
    },
    close() {
      closed = true;
      clearTimeout(timer);
      socket?.close();
    },
  };
}

function parse(data: unknown): Message | null {
  if (typeof data !== "string") return null;
  try {
    const value: unknown = JSON.parse(data);
    return typeof value === "object" && value !== null && "type" in value ? (value as Message) : null;
  } catch {
    return null;
  }
}

/** A port that never breaks: Electron's own pipe, or a test's. */
export function steadyLink(port: Port): Link {
  return { port, state: () => "open", onState: () => () => undefined, retry: () => undefined, close: () => undefined };
}
