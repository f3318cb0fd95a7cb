import { type Link, type LinkState, socketLink, steadyLink } from "@renderer/lib/socket-port";
import { reloadOnNewToken, takeToken } from "@renderer/lib/token";
import { connect, type Port } from "@shared/ipc/channel";
import { contract, type HoneContract } from "@shared/ipc/contract";
import type { Client } from "@shared/ipc/define";
import { useSyncExternalStore } from "react";

declare global {
  interface Window {
    /** Electron's preload. `pathOf` tells where a dropped file lies on disk. */
    readonly hone?: Port & { readonly pathOf?: (file: File) => string };
  }
}

let link: Link | null = null;
let client: Client<HoneContract> | null = null;

/** The services. Every feature's api folder calls through here. */
export function bridge(): Client<HoneContract> {
  if (!client) throw new Error("The bridge is used before it is started.");
  return client;
}

export function startBridge(chosen: Link = chooseLink()): void {
  link = chosen;
  client = connect(contract, chosen.port);
}

function chooseLink(): Link {
  if (window.hone) return steadyLink(window.hone);
  const token = takeToken() ?? "";
  reloadOnNewToken();
  const address = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ipc`;
  return socketLink(() => new WebSocket(address, `hone.${token}`));
}

const stateNow = (): LinkState => link?.state() ?? "connecting";

export function onLinkState(listener: (state: LinkState) => void): () => void {
  return link?.onState(listener) ?? (() => undefined);
}

export function useLinkState(): LinkState {
  return useSyncExternalStore(onLinkState, stateNow);
}

export function retryLink(): void {
  link?.retry();
}
