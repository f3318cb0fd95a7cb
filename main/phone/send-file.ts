import { type FileHandle, open } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import parseRange from "range-parser";

/** A file that does not change while it is shared. */
export interface ServedFile {
  readonly path: string;
  /** As the phone saves it: letters, digits, dots, dashes. */
  readonly name: string;
  readonly bytes: number;
  /** When it was last written, as its digest was taken. */
  readonly modifiedMs: number;
  readonly sha256: string;
}

export interface SendOptions {
  readonly headers: Readonly<Record<string, string>>;
  /** Called with the bytes [from, to) that left for the network. */
  readonly onSent: (from: number, to: number) => void;
}

const pieceBytes = 256 * 1024;

/**
 * Answers GET and HEAD for one file: whole (200), one range (206), or 416. A download that dropped goes on with Range and
 * If-Range; the entity tag is the file's SHA-256. Of several ranges at once the whole file is sent, as the protocol allows.
 * Resolves when everything has left or the phone is gone.
 */
export async function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  file: ServedFile,
  { headers, onSent }: SendOptions,
): Promise<void> {
  const handle = await openUnchanged(file);
  if (!handle) return refuse(response, 410, headers, "The file changed on the computer; open the sheet there again.\n");
  try {
    const tag = `"${file.sha256}"`;
    const common = {
      ...headers,
      "Content-Type": "application/octet-stream",
      "Content-Disposition": `attachment; filename="${file.name}"`,
      "Accept-Ranges": "bytes",
      "Cache-Control": "private, no-transform",
      ETag: tag,
    };
    const range = wantedRange(request, file, tag);
    if (range === "unsatisfiable")
      return refuse(response, 416, { ...common, "Content-Range": `bytes */${file.bytes}` }, "");
    const [from, to] = range ?? [0, file.bytes];
    response.writeHead(range ? 206 : 200, {
      ...common,
      "Content-Length": String(to - from),
      ...(range ? { "Content-Range": `bytes ${from}-${to - 1}/${file.bytes}` } : {}),
    });
    if (request.method === "HEAD") return void response.end();
    await stream(handle, response, from, to, onSent);
  } finally {
    await handle.close();
  }
}

/** [from, to), or nothing when the whole file is wanted. */
function wantedRange(
  request: IncomingMessage,
  file: ServedFile,
  tag: string,
): readonly [number, number] | "unsatisfiable" | undefined {
  const { range } = request.headers;
  const condition = request.headers["if-range"];
  if (range === undefined || (condition !== undefined && condition !== tag)) return undefined;
  const parsed = parseRange(file.bytes, range);
  if (parsed === -1) return "unsatisfiable";
  if (parsed === -2 || parsed.type !== "bytes" || parsed.length !== 1) return undefined;
  const [only] = parsed;
  return only && [only.start, only.end + 1];
}

async function openUnchanged({ path, bytes, modifiedMs }: ServedFile): Promise<FileHandle | undefined> {
  const handle = await open(path, "r").catch(() => undefined);
  const found = await handle?.stat();
  if (found?.isFile() && found.size === bytes && found.mtimeMs === modifiedMs) return handle;
  await handle?.close();
  return undefined;
}

async function stream(
  handle: FileHandle,
  response: ServerResponse,
  from: number,
  to: number,
  onSent: SendOptions["onSent"],
): Promise<void> {
  const piece = Buffer.allocUnsafe(Math.min(pieceBytes, Math.max(1, to - from)));
  for (let at = from; at < to && !response.destroyed; ) {
    const { bytesRead } = await handle.read(piece, 0, Math.min(piece.length, to - at), at);
    // Shorter than promised: the connection is cut, so that nobody takes it for whole.
    if (bytesRead === 0) return void response.destroy();
    if (!(await leaves(response, piece.subarray(0, bytesRead)))) return;
    onSent(at, at + bytesRead);
    at += bytesRead;
  }
  await new Promise<void>((resolve) => {
    response.once("close", resolve);
    response.end(resolve);
  });
}

/** Whether the bytes were taken by the network; the buffer is free again afterwards. */
function leaves(response: ServerResponse, bytes: Buffer): Promise<boolean> {
  return new Promise((resolve) => {
    const gone = () => resolve(false);
    response.once("close", gone);
    response.write(bytes, (error) => {
      response.off("close", gone);
      resolve(!error);
    });
  });
}

function refuse(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
  text: string,
): void {
  const { "Content-Disposition": _, ...rest } = headers;
  response.writeHead(status, {
    ...rest,
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Length": String(Buffer.byteLength(text)),
  });
  response.end(text);
}
