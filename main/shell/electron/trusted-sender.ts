import { appOrigin } from "@main/shell/electron/app-scheme";
import type { WebFrameMain } from "electron";

/** Only the top frame of our own pages may speak. https://www.electronjs.org/docs/latest/tutorial/security, item 17. */
export function isTrustedSender(frame: Pick<WebFrameMain, "url" | "parent"> | null): boolean {
  if (!frame || frame.parent !== null) return false;
  return frame.url === appOrigin || frame.url.startsWith(`${appOrigin}/`);
}
