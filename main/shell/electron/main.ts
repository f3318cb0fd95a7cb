import { createServices } from "@main/services";
import { Broadcast } from "@main/shell/broadcast";
import { dataFolder } from "@main/shell/data-folder";
import { electronAbilities } from "@main/shell/electron/abilities";
import { declareAppScheme, serveAppScheme } from "@main/shell/electron/app-scheme";
import { closeDebugDoors, guardContents, guardSession } from "@main/shell/electron/guard";
import { serveWindow } from "@main/shell/electron/ipc";
import { electronSpawner } from "@main/shell/electron/spawner";
import { createWindow } from "@main/shell/electron/window";
import { placesIn } from "@main/shell/places";
import { toErrorData } from "@shared/errors";
import { app, BrowserWindow, dialog, Menu } from "electron";

// Electron's entry: start-up as a list.

if (app.requestSingleInstanceLock()) {
  app.enableSandbox();
  closeDebugDoors();
  declareAppScheme();
  guardContents();
  app.whenReady().then(start).catch(giveUp);
} else {
  app.quit();
}

async function start(): Promise<void> {
  const places = placesIn(app.getAppPath());
  guardSession();
  serveAppScheme(places.renderer);
  if (process.platform !== "darwin") Menu.setApplicationMenu(null);
  const broadcast = new Broadcast();
  const services = await createServices({
    dataFolder: dataFolder(app.commandLine.getSwitchValue("data") || undefined),
    addonPath: places.addon,
    spawner: electronSpawner(places.worker),
    emit: broadcast.emit,
    shell: electronAbilities,
    places,
  });
  const open = () => serveWindow(createWindow(places.preload).webContents, services.handlers, broadcast);
  open();
  app.on("second-instance", showWindow);
  app.on("activate", () => {
    if (BrowserWindow.getAllWindows().length === 0) open();
  });
  app.on("window-all-closed", () => {
    if (process.platform !== "darwin") app.quit();
  });
  closeBeforeQuit(() => services.close());
}

function showWindow(): void {
  const [window] = BrowserWindow.getAllWindows();
  if (window?.isMinimized()) window.restore();
  window?.focus();
}

/** Work in progress reaches the disk before the process ends. */
function closeBeforeQuit(close: () => Promise<void>): void {
  let closed = false;
  app.on("before-quit", (event) => {
    if (closed) return;
    event.preventDefault();
    closed = true;
    close().finally(() => app.quit());
  });
}

function giveUp(error: unknown): void {
  const { message, hint } = toErrorData(error);
  dialog.showErrorBox("Hone cannot start", hint ? `${message}\n\n${hint}` : message);
  app.exit(1);
}
