import { appOrigin } from "@main/shell/electron/app-scheme";
import { app, type DownloadItem, type Event, session } from "electron";

/** No page leaves the app, opens windows or embeds others. */
export function guardContents(): void {
  app.on("web-contents-created", (_, contents) => {
    contents.setWindowOpenHandler(() => ({ action: "deny" }));
    contents.on("will-navigate", (event) => {
      if (!event.url.startsWith(`${appOrigin}/`)) event.preventDefault();
    });
    // The window has no frames within.
    contents.on("will-frame-navigate", (event) => {
      if (!event.isMainFrame) event.preventDefault();
    });
    contents.on("will-redirect", (event) => event.preventDefault());
    contents.on("will-attach-webview", (event) => event.preventDefault());
  });
}

/** Nobody looks into the window of an installed app through Chromium's own doors. Before the app is ready. */
export function closeDebugDoors(): void {
  if (!app.isPackaged) return;
  for (const door of ["remote-debugging-port", "remote-debugging-pipe"]) app.commandLine.removeSwitch(door);
}

/** No page gets any permission or device, nothing is fetched from elsewhere. After the app is ready. */
export function guardSession(): void {
  const { defaultSession } = session;
  defaultSession.setPermissionRequestHandler((_, __, answer) => answer(false));
  defaultSession.setPermissionCheckHandler(() => false);
  defaultSession.setDevicePermissionHandler(() => false);
  defaultSession.on("will-download", askWhereTo);
  // The window talks to its own main process only.
  defaultSession.webRequest.onBeforeRequest((details, answer) => {
    answer({ cancel: !/^(hone|devtools|blob|data):/.test(details.url) });
  });
}

/** Files that the window made itself, such as a curve, are saved where the person says; nothing else is. */
function askWhereTo(event: Event, item: DownloadItem): void {
  if (item.getURL().startsWith(`blob:${appOrigin}/`))
    item.setSaveDialogOptions({ title: "Save", defaultPath: item.getFilename() });
  else event.preventDefault();
}
