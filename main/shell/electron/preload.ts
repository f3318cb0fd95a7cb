import { ipcChannel } from "@main/shell/electron/channel";
import { contextBridge, ipcRenderer, webUtils } from "electron";

// Runs in the window before its page, isolated from it. The page gets one way to send, one to listen
// and the place of files that a person drops on it; nothing of Electron.

contextBridge.exposeInMainWorld("hone", {
  send: (message: unknown) => ipcRenderer.send(ipcChannel, message),
  onMessage: (listener: (message: unknown) => void) => {
    const receive = (_: unknown, message: unknown) => listener(message);
    ipcRenderer.on(ipcChannel, receive);
    return () => {
      ipcRenderer.off(ipcChannel, receive);
    };
  },
  /** Where a file dropped on the window lies: pages may not know, and Hone reads files where they are. */
  pathOf: (file: File) => webUtils.getPathForFile(file),
});
