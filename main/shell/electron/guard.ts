import { appOrigin } from "@main/shell/electron/app-scheme";
import { app, session } from "electron";

/** No page leaves the app, opens windows, embeds others, or gets any permission; nothing is downloaded behind the person's back. */
export function guardContents(): void {
  app.on("web-contents-created", (_, contents) => {
    contents.setWindowOpenHandler(() => ({ action: "deny" }));
    contents.on("will-navigate", (event) => {
      if (!event.url.startsWith(`${appOrigin}/`)) event.preventDefault();
    });
    contents.on("will-redirect", (event) => event.preventDefault());
    contents.on("will-attach-webview", (event) => event.preventDefault());
  });
}

/** After the app is ready. */
export function guardSession(): void {
  const { defaultSession } = session;
  defaultSession.setPermissionRequestHandler((_, __, answer) => answer(false));
  defaultSession.setPermissionCheckHandler(() => false);
  defaultSession.setDevicePermissionHandler(() => false);
  defaultSession.on("will-download", (event) => event.preventDefault());
  // The window talks to its own main process only.
  defaultSession.webRequest.onBeforeRequest((details, answer) => {
    answer({ cancel: !/^(hone|devtools|blob|data):/.test(details.url) });
  });
}
