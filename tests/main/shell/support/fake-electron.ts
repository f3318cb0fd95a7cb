import { EventEmitter } from "node:events";
import { vi } from "vitest";

/**
 * A stand-in of the `electron` module: what the shell asks of it is recorded, and events are raised by tests. Only for what
 * `main/shell/electron` uses.
 */
class FakeContents extends EventEmitter {
  readonly sent: unknown[] = [];
  openHandler: ((details: { url: string }) => { action: string }) | undefined;
  destroyed = false;
  setWindowOpenHandler(handler: (details: { url: string }) => { action: string }) {
    this.openHandler = handler;
  }
  send(channel: string, message: unknown) {
    this.sent.push({ channel, message });
  }
  isDestroyed() {
    return this.destroyed;
  }
}

class FakeWindow extends EventEmitter {
  static readonly all: FakeWindow[] = [];
  static getAllWindows = () => FakeWindow.all;
  static getFocusedWindow = () => FakeWindow.all[0] ?? null;
  readonly webContents = new FakeContents();
  readonly show = vi.fn();
  readonly focus = vi.fn();
  readonly restore = vi.fn();
  readonly loaded: string[] = [];
  constructor(readonly options: { readonly webPreferences: Record<string, unknown> } & Record<string, unknown>) {
    super();
    FakeWindow.all.push(this);
    app.emit("web-contents-created", {}, this.webContents);
  }
  isMinimized() {
    return true;
  }
  async loadURL(url: string) {
    this.loaded.push(url);
  }
}

/** A utility process: messages go both ways through `toParent` and `toChild`. */
class FakeUtility extends EventEmitter {
  pid: number | undefined = undefined;
  readonly stderr = new EventEmitter();
  readonly toChild: unknown[] = [];
  readonly kill = vi.fn(() => true);
  constructor(
    readonly modulePath: string,
    readonly args: readonly string[],
    readonly options: Record<string, unknown>,
  ) {
    super();
  }
  postMessage(message: unknown) {
    this.toChild.push(message);
  }
}

class FakeApp extends EventEmitter {
  root = "";
  lock = true;
  isPackaged = true;
  readonly quit = vi.fn();
  readonly exit = vi.fn();
  readonly enableSandbox = vi.fn();
  readonly commandLine = { getSwitchValue: vi.fn(() => ""), removeSwitch: vi.fn() };
  requestSingleInstanceLock = () => this.lock;
  whenReady = () => Promise.resolve();
  getAppPath = () => this.root;
}

class FakeSession extends EventEmitter {
  requestHandler: ((contents: unknown, permission: string, answer: (granted: boolean) => void) => void) | undefined;
  checkHandler: (() => boolean) | undefined;
  deviceHandler: (() => boolean) | undefined;
  before: ((details: { url: string }, answer: (decision: { cancel: boolean }) => void) => void) | undefined;
  readonly webRequest = {
    onBeforeRequest: (listener: NonNullable<FakeSession["before"]>) => {
      this.before = listener;
    },
  };
  setPermissionRequestHandler(handler: NonNullable<FakeSession["requestHandler"]>) {
    this.requestHandler = handler;
  }
  setPermissionCheckHandler(handler: () => boolean) {
    this.checkHandler = handler;
  }
  setDevicePermissionHandler(handler: () => boolean) {
    this.deviceHandler = handler;
  }
}

export const app = new FakeApp();
export const BrowserWindow = FakeWindow;
export const ipcMain = new EventEmitter();
export const webUtils = { getPathForFile: (file: { readonly name: string }) => `/dropped/${file.name}` };

export const ipcRenderer = Object.assign(new EventEmitter(), { send: vi.fn() });
export const exposed: Record<string, unknown> = {};
export const contextBridge = {
  exposeInMainWorld: (name: string, value: unknown) => {
    exposed[name] = value;
  },
};
export const session = { defaultSession: new FakeSession() };
export const handled = new Map<string, (request: Request) => Promise<Response>>();
export const protocol = {
  registerSchemesAsPrivileged: vi.fn(),
  handle: (scheme: string, handler: (request: Request) => Promise<Response>) => void handled.set(scheme, handler),
};
export const dialog = { showOpenDialog: vi.fn(), showErrorBox: vi.fn() };
export const powerMonitor = Object.assign(new EventEmitter(), {
  thermalState: "unknown",
  getCurrentThermalState: () => powerMonitor.thermalState,
});
export const powerSaveBlocker = { start: vi.fn((_: string) => 7), stop: vi.fn((_: number) => true) };
export class Notification {
  static readonly shown: { readonly title: string; readonly body: string }[] = [];
  static isSupported = () => true;
  constructor(private readonly options: { readonly title: string; readonly body: string }) {}
  show() {
    Notification.shown.push(this.options);
  }
}
export const shell = { showItemInFolder: vi.fn() };
export const Menu = { setApplicationMenu: vi.fn() };
export const utilities: FakeUtility[] = [];
export const utilityProcess = {
  fork: (modulePath: string, args: readonly string[], options: Record<string, unknown>) => {
    const child = new FakeUtility(modulePath, args, options);
    utilities.push(child);
    return child;
  },
};
