import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { newToken, Refusals, sameToken } from "@main/app/token";
import type { Broadcast } from "@main/shell/broadcast";
import { page } from "@main/shell/pages";
import { socketPort } from "@main/shell/served/socket-port";
import { hasLoopbackHost, hasOwnOrigin, offeredToken } from "@main/shell/served/visitor";
import { HoneError } from "@shared/errors";
import { serve } from "@shared/ipc/channel";
import { contract, type HoneContract } from "@shared/ipc/contract";
import type { Handlers } from "@shared/ipc/define";
import { type WebSocket, WebSocketServer } from "ws";

export interface ServerOptions {
  readonly rendererFolder: string;
  readonly handlers: Handlers<HoneContract>;
  readonly broadcast: Broadcast;
  /** 0 takes any free port. */
  readonly port: number;
}

export interface RunningServer {
  /** Opens the window in a browser. The token stands behind #, which browsers never send. */
  readonly url: string;
  close(): Promise<void>;
}

const pulseMs = 30_000;

/** Serves window and contract on 127.0.0.1: pages to anyone on this machine, the contract to those who know the token. */
export async function startServer({
  rendererFolder,
  handlers,
  broadcast,
  port,
}: ServerOptions): Promise<RunningServer> {
  const token = newToken();
  const refusals = new Refusals();
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: 16 * 2 ** 20,
    // The answer should not carry the token; a client that offers nothing else gets its own word back, as the protocol demands.
    handleProtocols: (offered) => (offered.has("hone") ? "hone" : ([...offered][0] ?? false)),
  });
  const server = createServer((request, response) => void answerPage(rendererFolder, request, response));

  server.on("upgrade", (request, stream, head) => {
    const refusal = refusalOf(request, token, refusals);
    if (refusal) return refuse(stream, refusal);
    sockets.handleUpgrade(request, stream, head, (socket) => welcome(socket, handlers, broadcast));
  });
  await listen(server, port);
  const stopPulse = keepAlive(sockets);

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/#token=${token}`,
    close: async () => {
      stopPulse();
      for (const socket of sockets.clients) socket.close(1001, "Hone is closing");
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      setTimeout(() => {
        for (const socket of sockets.clients) socket.terminate();
        server.closeAllConnections();
      }, 500).unref();
      await closed;
    },
  };
}

async function answerPage(folder: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (!hasLoopbackHost(request)) return end(response, 403);
  if (request.method !== "GET" && request.method !== "HEAD") return end(response, 405);
  const { status, headers, body } = await page(folder, request.url ?? "/");
  response.writeHead(status, headers);
  response.end(request.method === "HEAD" ? undefined : body);
}

function end(response: ServerResponse, status: number): void {
  response.writeHead(status, { "Content-Length": "0" });
  response.end();
}

function refusalOf(request: IncomingMessage, token: string, refusals: Refusals): string | null {
  if (request.url !== "/ipc") return "404 Not Found";
  if (!hasLoopbackHost(request) || !hasOwnOrigin(request)) return "403 Forbidden";
  if (sameToken(offeredToken(request), token)) return null;
  if (refusals.tooMany) return "429 Too Many Requests";
  refusals.add();
  return "401 Unauthorized";
}

function refuse(stream: Duplex, status: string): void {
  stream.on("error", () => stream.destroy());
  stream.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

function welcome(socket: WebSocket, handlers: Handlers<HoneContract>, broadcast: Broadcast): void {
  const port = socketPort(socket);
  const leave = broadcast.add(port);
  const stop = serve(contract, handlers, port);
  socket.on("close", () => {
    leave();
    stop();
  });
  // A close follows.
  socket.on("error", () => undefined);
}

/** Notices windows that vanished without a word. */
function keepAlive(sockets: WebSocketServer): () => void {
  const silent = new WeakSet<WebSocket>();
  const timer = setInterval(() => {
    for (const socket of sockets.clients) {
      if (silent.has(socket)) socket.terminate();
      silent.add(socket);
      socket.once("pong", () => silent.delete(socket));
      socket.ping();
    }
  }, pulseMs);
  timer.unref();
  return () => clearInterval(timer);
}

function listen(server: ReturnType<typeof createServer>, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      reject(
        error.code === "EADDRINUSE"
          ? new HoneError(
              "app.port",
              `Port ${port} is in use by another program.`,
              "Choose another with --port, or leave it out.",
            )
          : error,
      );
    });
    server.listen(port, "127.0.0.1", resolve);
  });
}
