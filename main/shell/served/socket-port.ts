import { parseRequest } from "@main/shell/request";
import type { Port } from "@shared/ipc/channel";
import type { Message } from "@shared/ipc/envelope";
import type { WebSocket } from "ws";

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
        const message = isBinary ? undefined : read(data);
        if (message) listener(message);
        else socket.close(1008, "not a request");
      };
      socket.on("message", receive);
      return () => void socket.off("message", receive);
    },
  };
}

function read(data: Buffer): Message | undefined {
  try {
    return parseRequest(JSON.parse(data.toString("utf8")));
  } catch {
    return undefined;
  }
}
