import { createReadStream, readFileSync, statSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { compatFolder } from "./exports";

const kinds: Record<string, string> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".wasm": "application/wasm",
};

/** The built page under /, exports under /exports/, with the headers that let a secure page use threads. Loopback only. */
function answer({ url = "/" }: IncomingMessage, response: ServerResponse): void {
  const { pathname } = new URL(url, "http://any");
  const path = pathname === "/" ? "/index.html" : normalize(decodeURIComponent(pathname));
  const file = path.startsWith("/exports/") ? join(compatFolder, path) : join(compatFolder, "page", path);
  const found = statSync(file, { throwIfNoEntry: false });
  if (!found?.isFile()) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, {
    "content-type": kinds[extname(file)] ?? "application/octet-stream",
    "content-length": found.size,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
  });
  createReadStream(file).pipe(response);
}

export interface PageServers {
  readonly port: number;
  readonly securePort: number;
  close(): void;
}

/** Plain HTTP, and HTTPS with a certificate that nobody has signed. */
export async function startPageServers(): Promise<PageServers> {
  const own = (name: string) =>
    readFileSync(fileURLToPath(new URL(`../../fixtures/self-signed/${name}.pem`, import.meta.url)));
  const servers = [createServer(answer), createSecureServer({ key: own("key"), cert: own("cert") }, answer)];
  await Promise.all(servers.map((server) => new Promise<void>((up) => server.listen(0, "127.0.0.1", up))));
  const [port = 0, securePort = 0] = servers.map((server) => (server.address() as AddressInfo).port);
  return {
    port,
    securePort,
    close: () => {
      for (const server of servers) server.close();
    },
  };
}
