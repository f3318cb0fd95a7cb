import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Doorkeeper } from "@main/phone/doorkeeper";
import { endedPage, phoneGuard } from "@main/phone/guard";
import { type ServedFile, sendFile } from "@main/phone/send-file";
import type { Transfers } from "@main/phone/transfers";
import { phoneName } from "@main/phone/visitor";
import { page } from "@main/shell/pages";
import { HoneError, toErrorData } from "@shared/errors";
import {
  type PhoneChat,
  type PhoneChatLine,
  type PhoneEvent,
  type PhoneFileKind,
  type PhonePageFacts,
  phoneChatSchema,
  phoneEventSchema,
  phoneFileKindSchema,
} from "@shared/models/phone";
import { z } from "zod";

/** What phones can ask for. `phone` names the one that asks. */
export interface PhoneRoutes {
  readonly transfers: Transfers;
  facts(phone: string): PhonePageFacts;
  /** The file of that name once it is ready; there is no other way to a file. */
  file(name: string): { readonly kind: PhoneFileKind; readonly file: ServedFile } | undefined;
  prepare(kind: PhoneFileKind): void;
  event(phone: string, event: PhoneEvent): void;
  chat(phone: string, chat: PhoneChat, tell: (line: PhoneChatLine) => void, gone: AbortSignal): Promise<void>;
  /** A phone with the right token did something that shows a person behind it. */
  active(): void;
}

export interface PhoneServerOptions {
  /** Of the built page. */
  readonly pages: string;
  readonly doorkeeper: Doorkeeper;
  readonly routes: PhoneRoutes;
  /** Whether a connection to this of the computer's own addresses is taken. */
  readonly takes: (localAddress: string) => boolean;
}

export interface PhoneServer {
  readonly port: number;
  close(): Promise<void>;
}

const mostBodyBytes = 512 * 1024;
const mostDownloads = 16;
const mostAnswers = 2;
/** Of one phone. */
const mostConnections = 48;

/** The server that phones on the local network reach: any free port, plain HTTP, the token in the path of every request. */
export async function startPhoneServer(options: PhoneServerOptions): Promise<PhoneServer> {
  const busy = { downloads: 0, answers: 0 };
  const server = createServer((request, response) => {
    answer(options, busy, request, response).catch((error: unknown) => fail(response, error));
  });
  server.headersTimeout = 10_000;
  server.requestTimeout = 30_000;
  // A phone that went out of reach; bytes that still leave begin the time anew.
  server.timeout = 5 * 60_000;
  server.maxConnections = 200;
  limitConnections(server, options.takes);
  await listen(server);
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Nobody takes all the room: a browser opens six at a time. */
function limitConnections(server: Server, takes: PhoneServerOptions["takes"]): void {
  const open = new Map<string, number>();
  server.on("connection", (socket: Socket) => {
    const phone = socket.remoteAddress ?? "";
    const count = (open.get(phone) ?? 0) + 1;
    if (count > mostConnections || !takes(socket.localAddress ?? "")) return void socket.destroy();
    open.set(phone, count);
    socket.once("close", () => {
      const left = (open.get(phone) ?? 1) - 1;
      if (left > 0) open.set(phone, left);
      else open.delete(phone);
    });
  });
}

interface Busy {
  downloads: number;
  answers: number;
}

async function answer(
  { pages, doorkeeper, routes }: PhoneServerOptions,
  busy: Busy,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const address = request.socket.remoteAddress ?? "unknown";
  const admitted = doorkeeper.admit(request.url ?? "", address);
  if (admitted === "unknown") return text(response, 404, "Not found\n");
  if (admitted === "too-many") return text(response, 429, "Too many tries\n", { "Retry-After": "60" });
  if (admitted === "ended") return html(response, 410, endedPage);
  const { path } = admitted;
  // Without the slash the page's own relative addresses would lead elsewhere.
  if (path === "") return text(response, 308, "", { Location: `${(request.url ?? "").split(/[?#]/, 1)[0]}/` });
  const phone = phoneName(request.headers["user-agent"], address);
  const method = request.method ?? "";
  if (path === "/api/share" && method === "GET") return json(response, 200, routes.facts(phone));
  if (path.startsWith("/api/")) {
    if (method !== "POST") return text(response, 405, "", { Allow: "POST" });
    routes.active();
    return call(path, routes, busy, phone, request, response);
  }
  if (method !== "GET" && method !== "HEAD") return text(response, 405, "", { Allow: "GET, HEAD" });
  if (path.startsWith("/files/")) return download(path, routes, busy, phone, request, response);
  routes.active();
  const { status, headers, body } = await page(pages, path, phoneGuard);
  response.writeHead(status, headers);
  response.end(method === "HEAD" ? undefined : body);
}

async function call(
  path: string,
  routes: PhoneRoutes,
  busy: Busy,
  phone: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  switch (path) {
    case "/api/event":
      routes.event(phone, await body(request, phoneEventSchema));
      return json(response, 200, routes.facts(phone));
    case "/api/prepare":
      routes.prepare((await body(request, z.object({ kind: phoneFileKindSchema }))).kind);
      return json(response, 200, routes.facts(phone));
    case "/api/chat": {
      const chat = await body(request, phoneChatSchema);
      if (busy.answers >= mostAnswers) return tooBusy(response, "The computer is answering others; try again.");
      busy.answers += 1;
      try {
        await chatLines(routes, phone, chat, response);
      } finally {
        busy.answers -= 1;
      }
      return;
    }
    default:
      return text(response, 404, "Not found\n");
  }
}

/** The answer as lines of JSON, each as soon as it is there. */
async function chatLines(routes: PhoneRoutes, phone: string, chat: PhoneChat, response: ServerResponse): Promise<void> {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  response.writeHead(200, {
    ...phoneGuard,
    "Content-Type": "application/x-ndjson; charset=utf-8",
    "Cache-Control": "no-store",
  });
  response.flushHeaders();
  await routes.chat(phone, chat, (line) => void response.write(`${JSON.stringify(line)}\n`), gone.signal);
  response.end();
}

async function download(
  path: string,
  routes: PhoneRoutes,
  busy: Busy,
  phone: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const found = routes.file(path.slice("/files/".length));
  if (!found) return text(response, 404, "Not found\n");
  if (busy.downloads >= mostDownloads) return tooBusy(response, "Too many downloads at once; try again.");
  routes.active();
  busy.downloads += 1;
  const transfer = request.method === "GET" ? routes.transfers.begin(phone, found.kind, found.file) : undefined;
  try {
    await sendFile(request, response, found.file, {
      headers: phoneGuard,
      onSent: (from, to) => {
        transfer?.sent(from, to);
        routes.active();
      },
    });
  } finally {
    busy.downloads -= 1;
    transfer?.end();
    routes.active();
  }
}

/** The JSON of a request, checked. Only a page of this server can send that type: others would have to ask first. */
async function body<T>(request: IncomingMessage, schema: z.ZodType<T>): Promise<T> {
  if (!/^application\/json\b/.test(request.headers["content-type"] ?? "")) throw notUnderstood("it is not JSON");
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of request) {
    length += (piece as Buffer).length;
    if (length > mostBodyBytes) throw notUnderstood(`it is longer than ${mostBodyBytes} bytes`);
    pieces.push(piece as Buffer);
  }
  let value: unknown;
  try {
    value = JSON.parse(Buffer.concat(pieces).toString("utf8"));
  } catch {
    throw notUnderstood("it is not JSON");
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw notUnderstood(parsed.error.issues[0]?.message ?? "it does not fit");
}

function notUnderstood(why: string): HoneError {
  return new HoneError("phone.request", `The request was not understood: ${why}.`, "Load the page again.");
}

function tooBusy(response: ServerResponse, message: string): void {
  json(response, 503, { error: { code: "phone.busy", message, hint: "" } }, { "Retry-After": "5" });
}

/** Details stay here: they hold paths. */
function fail(response: ServerResponse, error: unknown): void {
  if (response.headersSent) return void response.destroy();
  const { code, message, hint } = toErrorData(error);
  const known = code.startsWith("phone.");
  json(response, code === "phone.request" ? 400 : known ? 409 : 500, {
    error: known
      ? { code, message, hint }
      : { code: "phone.failed", message: "The computer could not do that.", hint: "" },
  });
}

function json(response: ServerResponse, status: number, value: unknown, more: Record<string, string> = {}): void {
  end(response, status, JSON.stringify(value), { ...more, "Content-Type": "application/json; charset=utf-8" });
}

function text(response: ServerResponse, status: number, value: string, more: Record<string, string> = {}): void {
  end(response, status, value, { ...more, "Content-Type": "text/plain; charset=utf-8" });
}

function html(response: ServerResponse, status: number, value: string): void {
  end(response, status, value, { "Content-Type": "text/html; charset=utf-8" });
}

/** An answer to a request whose body was not read closes the connection. */
function end(response: ServerResponse, status: number, value: string, headers: Record<string, string>): void {
  response.writeHead(status, {
    ...phoneGuard,
    ...headers,
    "Cache-Control": "no-store",
    "Content-Length": String(Buffer.byteLength(value)),
    ...(status >= 400 ? { Connection: "close" } : {}),
  });
  response.end(response.req.method === "HEAD" ? undefined : value);
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) =>
      reject(
        new HoneError(
          "phone.listen",
          `Phones cannot be let in: ${error.message}.`,
          "A firewall or another program may forbid it; see its settings.",
        ),
      ),
    );
    server.listen(0, "0.0.0.0", resolve);
  });
}
