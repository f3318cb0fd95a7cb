import { ipcChannel } from "@main/shell/electron/channel";
import { contextBridge, ipcRenderer } from "electron";

// Runs in the window before its page, isolated from it. The page gets one way to send and one to listen, nothing of Electron.

contextBridge.exposeInMainWorld("hone", {
  send: (message: unknown) => ipcRenderer.send(ipcChannel, message),
  onMessage: (listener: (message: unknown) => void) => {
    const receive = (_: unknown, message: unknown) => listener(message);
    ipcRenderer.on(ipcChannel, receive);
    return () => {
      ipcRenderer.off(ipcChannel, receive);
    };
  },
});
