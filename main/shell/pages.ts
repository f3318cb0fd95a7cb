import { readFile, realpath } from "node:fs/promises";
import path from "node:path";

/** What a page may do, as headers of every answer. */
export type Guard = Readonly<Record<string, string>>;

/** The window may load its own files and talk to its own shell; nothing else. Styles set by components need 'unsafe-inline'. */
const windowGuard: Guard = {
  "Content-Security-Policy": [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; "),
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "X-Frame-Options": "DENY",
  "Permissions-Policy":
    "camera=(), microphone=(), geolocation=(), usb=(), serial=(), hid=(), bluetooth=(), display-capture=()",
};

const types: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".json": "application/json; charset=utf-8",
  ".webmanifest": "application/manifest+json",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
};

export interface Page {
  readonly status: 200 | 404;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/**
 * A file of the built pages by the path of its URL. Paths without an ending are places inside the app and give its one
 * page. Nothing outside of `folder` is ever read, links included.
 */
export async function page(folder: string, urlPath: string, guard: Guard = windowGuard): Promise<Page> {
  const wanted = fileOf(urlPath);
  if (wanted === null) return notFound(guard);
  try {
    const base = await realpath(folder);
    const file = await realpath(path.join(base, wanted));
    if (!file.startsWith(base + path.sep)) return notFound(guard);
    const body = await readFile(file);
    return { status: 200, headers: { ...guard, ...headersFor(wanted, body.length) }, body };
  } catch {
    return notFound(guard);
  }
}

/** Null for what no honest page asks for. */
function fileOf(urlPath: string): string | null {
  let decoded: string;
  try {
    decoded = decodeURIComponent(urlPath.split(/[?#]/, 1)[0] ?? "");
  } catch {
    return null;
  }
  if (decoded.includes("\0") || decoded.includes("\\") || decoded.split("/").includes("..")) return null;
  const file = decoded.replace(/^\/+/, "");
  return path.extname(file) === "" ? "index.html" : file;
}

function headersFor(file: string, length: number): Record<string, string> {
  return {
    "Content-Type": types[path.extname(file).toLowerCase()] ?? "application/octet-stream",
    "Content-Length": String(length),
    // Built assets carry their digest in the name.
    "Cache-Control": file.startsWith("assets/") ? "private, max-age=31536000, immutable" : "no-store",
  };
}

function notFound(guard: Guard): Page {
  const body = Buffer.from("Not found\n");
  return {
    status: 404,
    headers: { ...guard, "Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store" },
    body,
  };
}
