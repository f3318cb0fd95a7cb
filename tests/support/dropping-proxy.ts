import { connect, createServer, type Socket } from "node:net";
import { onTestFinished } from "vitest";

export interface DroppingProxy {
  readonly port: number;
  /** How many connections it has cut. */
  readonly drops: number;
  /** The next answer to a request whose path holds `path` is cut after so many bytes. */
  dropNext(path: string, bytes: number): void;
}

/** Stands between a browser and a server on this computer, and cuts connections as a bad Wi-Fi does. */
export async function droppingProxy(target: number): Promise<DroppingProxy> {
  let armed: { path: string; bytes: number } | null = null;
  let drops = 0;
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(target, "127.0.0.1");
    let left = Number.POSITIVE_INFINITY;
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => {
        open.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.on("data", (piece) => {
      if (armed && piece.toString("latin1").includes(armed.path)) {
        left = armed.bytes;
        armed = null;
      }
      upstream.write(piece);
    });
    upstream.on("data", (piece) => {
      client.write(piece.subarray(0, Math.min(piece.length, left)));
      left -= piece.length;
      if (left > 0) return;
      drops += 1;
      // What was let through arrives before the end does.
      upstream.destroy();
      client.destroySoon();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  const address = server.address();
  return {
    port: typeof address === "object" && address ? address.port : 0,
    get drops() {
      return drops;
    },
    dropNext: (path, bytes) => {
      armed = { path, bytes };
    },
  };
}
