import { appOrigin } from "@main/shell/electron/app-scheme";
import { app, BrowserWindow } from "electron";

/** Shown once its first picture is ready, so that nobody sees it empty. */
export function createWindow(preload: string): BrowserWindow {
  const window = new BrowserWindow({
    title: "Hone",
    width: 1280,
    height: 840,
    minWidth: 720,
    minHeight: 520,
    show: false,
    autoHideMenuBar: true,
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools: !app.isPackaged,
    },
  });
  window.once("ready-to-show", () => window.show());
  void window.loadURL(`${appOrigin}/`);
  return window;
}
