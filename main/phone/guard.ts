import type { Guard } from "@main/shell/pages";

/**
 * What the phone's page may do: load its own files, talk to this server, run WebAssembly in workers that it makes itself. The
 * last two headers give a page on localhost or HTTPS threads; over plain HTTP browsers ignore them.
 */
export const phoneGuard: Guard = {
  "Content-Security-Policy": [
    "default-src 'none'",
    "script-src 'self' blob: 'wasm-unsafe-eval'",
    "worker-src 'self' blob:",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; "),
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "X-Frame-Options": "DENY",
  "X-Robots-Tag": "noindex, nofollow",
  "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

/** For an address that was good once. Needs no other file. */
export const endedPage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>This address has ended</title>
<h1>This address has ended</h1>
<p>It is good only while its sheet is open on the computer. Open “Send to phone” there again and scan the new code.</p>
</html>
`;
