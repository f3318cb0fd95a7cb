import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Broadcast } from "@main/shell/broadcast";
import { type RunningServer, startServer } from "@main/shell/served/server";
import { connect, type Port } from "@shared/ipc/channel";
import { contract } from "@shared/ipc/contract";
import type { Message } from "@shared/ipc/envelope";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import WebSocket from "ws";
import { fewHandlers, info } from "./support/handlers";

let folder: string;
let server: RunningServer;
let base: URL;
let token: string;
const broadcast = new Broadcast();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "hone-served-"));
  const renderer = join(folder, "renderer");
  mkdirSync(join(renderer, "assets"), { recursive: true });
  writeFileSync(join(renderer, "index.html"), "<!doctype html>hone");
  writeFileSync(join(renderer, "assets", "app-1a2b.js"), "1;");
  writeFileSync(join(folder, "secret.txt"), "secret");
  symlinkSync(join(folder, "secret.txt"), join(renderer, "link.txt"));
  server = await startServer({ rendererFolder: renderer, handlers: fewHandlers, broadcast, port: 0 });
  base = new URL(server.url);
  token = base.hash.slice("#token=".length);
});

afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

/** Unlike fetch this sends paths and headers as they are. */
function get(path: string, headers: Record<string, string> = {}, method = "GET") {
  return new Promise<{ status: number; body: string; headers: Record<string, unknown> }>((resolve, reject) => {
    const sent = httpRequest(
      { host: "127.0.0.1", port: base.port, path, method, headers: { Host: base.host, ...headers } },
      (answer) => {
        let body = "";
        answer.on("data", (chunk) => {
          body += chunk;
        });
        answer.on("end", () => resolve({ status: answer.statusCode ?? 0, body, headers: answer.headers }));
      },
    );
    sent.on("error", reject);
    sent.end();
  });
}

interface Knock {
  readonly protocols?: string[];
  readonly origin?: string;
  readonly host?: string;
  readonly path?: string;
}

/** The open socket, or the status that it was turned away with. */
function knock({
  protocols = ["hone", `hone.${token}`],
  origin = base.origin,
  host = base.host,
  path = "/ipc",
}: Knock = {}) {
  return new Promise<WebSocket | number>((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${base.port}${path}`, protocols, { origin, headers: { Host: host } });
    socket.on("open", () => resolve(socket));
    socket.on("unexpected-response", (request, answer) => {
      resolve(answer.statusCode ?? 0);
      request.destroy();
    });
    socket.on("error", () => undefined);
  });
}

async function window() {
  const socket = await knock();
  if (!(socket instanceof WebSocket)) throw new Error(`turned away with ${socket}`);
  const port: Port = {
    send: (message) => socket.send(JSON.stringify(message)),
    onMessage: (listener) => {
      const receive = (data: Buffer) => listener(JSON.parse(data.toString()) as Message);
      socket.on("message", receive);
      return () => void socket.off("message", receive);
    },
  };
  return { socket, client: connect(contract, port) };
}

describe("the served pages", () => {
  it("are on the loopback address, and the token stands behind the #", () => {
    expect(base.hostname).toBe("127.0.0.1");
    expect(token).toMatch(/^[0-9a-f]{32}$/);
  });

  it("carry a strict policy", async () => {
    const { status, body, headers } = await get("/");
    expect({ status, body }).toEqual({ status: 200, body: "<!doctype html>hone" });
    expect(headers["content-security-policy"]).toMatch(
      /^default-src 'none'; script-src 'self';.*frame-ancestors 'none'$/,
    );
    expect(headers).toMatchObject({
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "cache-control": "no-store",
    });
  });

  it("keep built assets for long", async () => {
    const { headers } = await get("/assets/app-1a2b.js");
    expect(headers).toMatchObject({
      "content-type": "text/javascript; charset=utf-8",
      "cache-control": expect.stringContaining("immutable"),
    });
  });

  it("give the app for every place inside it", async () => {
    expect((await get("/runs/abc?x=1")).body).toBe("<!doctype html>hone");
  });

  it.each([
    "/../secret.txt",
    "/..%2fsecret.txt",
    "/assets/%2e%2e/%2e%2e/secret.txt",
    "/link.txt",
    "/..\\secret.txt",
    "/%00.txt",
    "/%E0%A4%A.txt",
    "//etc/passwd.txt",
  ])("never leave their folder: %s", async (path) => {
    expect(await get(path)).toMatchObject({ status: 404, body: "Not found\n" });
  });

  it.each(["evil.example", `evil.example:${80}`, "127.0.0.1.evil.example"])(
    "are refused under the name %j",
    async (host) => {
      expect((await get("/", { Host: host })).status).toBeGreaterThanOrEqual(400);
    },
  );

  it("are only read", async () => {
    expect((await get("/", {}, "POST")).status).toBe(405);
    expect(await get("/", {}, "HEAD")).toMatchObject({ status: 200, body: "" });
  });
});

describe("the served contract", () => {
  it("answers those who know the token", async () => {
    const { client, socket } = await window();
    expect(socket.protocol).toBe("hone");
    expect(await client.app.info()).toEqual(info);
    await expect(client.models.add({ path: "/m.gguf" })).rejects.toMatchObject({
      code: "internal",
      message: "no /m.gguf",
    });
    await expect(client.models.add({ path: "" })).rejects.toMatchObject({ code: "ipc.input" });
    socket.close();
  });

  it("takes the token as the only word offered", async () => {
    const socket = await knock({ protocols: [`hone.${token}`] });
    expect(socket).toBeInstanceOf(WebSocket);
    (socket as WebSocket).close();
  });

  it("is known through the forwarded port of another machine", async () => {
    const socket = await knock({ host: "localhost:9999", origin: "http://localhost:9999" });
    expect(socket).toBeInstanceOf(WebSocket);
    (socket as WebSocket).close();
  });

  it("tells its news to every window", async () => {
    const windows = await Promise.all([window(), window()]);
    const heard = windows.map(({ client }) => new Promise((resolve) => client.models.changed(resolve)));
    broadcast.emit("models", "changed", { id: "m1" });
    expect(await Promise.all(heard)).toEqual([{ id: "m1" }, { id: "m1" }]);
    for (const { socket } of windows) socket.close();
  });

  it("closes on what is not a request", async () => {
    for (const nonsense of [
      "{",
      JSON.stringify({ type: "news", path: "models.changed", payload: {} }),
      Buffer.from([1, 2, 3]),
    ]) {
      const { socket } = await window();
      const closed = new Promise((resolve) => socket.on("close", resolve));
      socket.send(nonsense);
      expect(await closed).toBe(1008);
    }
  });

  it("closes on a message that is too large, and serves the others", async () => {
    const { socket } = await window();
    const closed = new Promise((resolve) => socket.on("close", resolve));
    socket.send("x".repeat(17 * 2 ** 20));
    expect(await closed).toBe(1009);
    const other = await window();
    expect(await other.client.app.info()).toEqual(info);
    other.socket.close();
  });

  it.each([
    ["another origin", { origin: "http://evil.example" }, 403],
    ["another local server's page", { origin: "http://127.0.0.1:1" }, 403],
    ["another host", { host: "evil.example", origin: "http://evil.example" }, 403],
    ["a page that hides its origin", { origin: "null" }, 403],
    ["a program that names no origin", { origin: "" }, 403],
    ["a name that only begins like this machine's", { host: "localhost.evil.example" }, 403],
    ["another place", { path: "/other" }, 404],
    ["a place below the right one", { path: "/ipc/x" }, 404],
  ])("turns away %s", async (_, how, status) => {
    expect(await knock(how)).toBe(status);
  });

  // Last: it uses up the patience with wrong tokens.
  it("stops listening to those who guess, but not to those who know", async () => {
    const wrong = { protocols: ["hone", `hone.${"0".repeat(32)}`] };
    const answers: unknown[] = [];
    for (let guess = 0; guess < 25; guess += 1) answers.push(await knock(wrong));
    expect(answers[0]).toBe(401);
    expect(answers.at(-1)).toBe(429);
    const socket = await knock();
    expect(socket).toBeInstanceOf(WebSocket);
    (socket as WebSocket).close();
  });
});

describe("a served shell", () => {
  it("says that its port is taken", async () => {
    const again = startServer({ rendererFolder: folder, handlers: fewHandlers, broadcast, port: Number(base.port) });
    await expect(again).rejects.toMatchObject({ code: "app.port", message: expect.stringContaining(base.port) });
  });
});
