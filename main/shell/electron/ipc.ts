import type { Broadcast } from "@main/shell/broadcast";
import { ipcChannel } from "@main/shell/electron/channel";
import { isTrustedSender } from "@main/shell/electron/trusted-sender";
import { parseRequest } from "@main/shell/request";
import type { Port } from "@shared/ipc/channel";
import { serve } from "@shared/ipc/channel";
import { contract, type HoneContract } from "@shared/ipc/contract";
import type { Handlers } from "@shared/ipc/define";
import type { Message } from "@shared/ipc/envelope";
import { type IpcMainEvent, ipcMain, type WebContents } from "electron";

/** Answers a window's calls and tells it the news until it is gone. */
export function serveWindow(contents: WebContents, handlers: Handlers<HoneContract>, broadcast: Broadcast): void {
  const port = windowPort(contents);
  const leave = broadcast.add(port);
  const stop = serve(contract, handlers, port);
  contents.once("destroyed", () => {
    leave();
    stop();
  });
}

/** Messages of frames that are not ours, and whatever is not a request, are dropped. */
function windowPort(contents: WebContents): Port {
  return {
    send: (message) => {
      if (!contents.isDestroyed()) contents.send(ipcChannel, message);
    },
    onMessage: (listener: (message: Message) => void) => {
      const receive = (event: IpcMainEvent, message: unknown) => {
        if (event.sender !== contents || !isTrustedSender(event.senderFrame)) return;
        const request = parseRequest(message);
        if (request) listener(request);
      };
      ipcMain.on(ipcChannel, receive);
      return () => void ipcMain.off(ipcChannel, receive);
    },
  };
}
