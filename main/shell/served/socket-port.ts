import type { Port } from "@shared/ipc/channel";
import type { Message } from "@shared/ipc/envelope";
import type { WebSocket } from "ws";
import { z } from "zod";

const requestSchema = z.object({
  type: z.literal("request"),
  id: z.int().min(0),
  path: z.string().max(200),
  input: z.unknown(),
});

/** A window that does not read its news any more is let go; it asks for everything again when it comes back. */
const mostUnreadBytes = 64 * 2 ** 20;

/** A window's WebSocket as a port. Whatever is not a request closes the socket. */
export function socketPort(socket: WebSocket): Port {
  return {
    send: (message) => {
      if (socket.readyState !== socket.OPEN) return;
      if (socket.bufferedAmount > mostUnreadBytes) socket.terminate();
      else socket.send(JSON.stringify(message));
    },
    onMessage: (listener) => {
      const receive = (data: Buffer, isBinary: boolean) => {
        const message = isBinary ? undefined : parseRequest(data);
        if (message) listener(message);
        else socket.close(1008, "not a request");
      };
      socket.on("message", receive);
      return () => void socket.off("message", receive);
    },
  };
}

function parseRequest(data: Buffer): Message | undefined {
  try {
    const parsed = requestSchema.safeParse(JSON.parse(data.toString("utf8")));
    return parsed.success ? { ...parsed.data, input: parsed.data.input } : undefined;
  } catch {
    return undefined;
  }
}
