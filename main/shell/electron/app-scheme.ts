import { page } from "@main/shell/pages";
import { protocol } from "electron";

/** The window's pages come from hone://app/, an origin of their own: file: pages would share one with every file on disk. */
export const appOrigin = "hone://app";

const scheme = "hone";

/** Before the app is ready. */
export function declareAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

/** After the app is ready. */
export function serveAppScheme(rendererFolder: string): void {
  protocol.handle(scheme, async (request) => {
    const { host, pathname } = new URL(request.url);
    if (host !== "app" || request.method !== "GET") return new Response(null, { status: 404 });
    const { status, headers, body } = await page(rendererFolder, pathname);
    return new Response(new Uint8Array(body), { status, headers });
  });
}
