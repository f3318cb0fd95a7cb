import type { IncomingMessage } from "node:http";

const loopbackNames = new Set(["127.0.0.1", "localhost", "[::1]"]);

/**
 * Whether a request was made to this machine by name: a page elsewhere that had its own name resolve to 127.0.0.1 is turned
 * away by its Host. The port may differ, since it does when the person forwards it through ssh.
 */
export function hasLoopbackHost(request: IncomingMessage): boolean {
  const name = /^(\[[0-9a-f:]+\]|[^:]+)(:\d{1,5})?$/i.exec(request.headers.host ?? "")?.[1];
  return name !== undefined && loopbackNames.has(name.toLowerCase());
}

/** Whether a page of this very server makes the request. Pages of other local servers do not pass. */
export function hasOwnOrigin(request: IncomingMessage): boolean {
  return request.headers.origin === `http://${request.headers.host}`;
}

/** The token among the offered subprotocols ("hone.TOKEN"); "" when there is none. */
export function offeredToken(request: IncomingMessage): string {
  const offered = (request.headers["sec-websocket-protocol"] ?? "").split(",").map((name) => name.trim());
  return offered.find((name) => name.startsWith("hone."))?.slice("hone.".length) ?? "";
}
