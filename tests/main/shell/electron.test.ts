import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ShellAbilities } from "@main/shell/abilities";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import * as electron from "./support/fake-electron";
import { fewHandlers, info } from "./support/handlers";

vi.mock("electron", () => import("./support/fake-electron"));
const services = { handlers: fewHandlers, close: vi.fn(async () => undefined) };
const createServices = vi.fn(async (_: Record<string, unknown>) => services);
vi.mock("@main/services", () => ({ createServices }));

const contents = () =>
  electron.BrowserWindow.all[0]?.webContents as InstanceType<typeof electron.BrowserWindow>["webContents"];
const ownFrame = { url: "hone://app/", parent: null };
const ask = (message: unknown, senderFrame: unknown = ownFrame, sender: unknown = contents()) =>
  electron.ipcMain.emit("hone", { sender, senderFrame }, message);

beforeAll(async () => {
  electron.app.root = mkdtempSync(join(tmpdir(), "hone-electron-"));
  writeFileSync(join(electron.app.root, "package.json"), JSON.stringify({ name: "hone", version: "1.2.3" }));
  mkdirSync(join(electron.app.root, "out", "renderer"), { recursive: true });
  writeFileSync(join(electron.app.root, "out", "renderer", "index.html"), "<!doctype html>hone");
  await import("@main/shell/electron/main");
  await vi.waitFor(() => expect(electron.BrowserWindow.all).toHaveLength(1));
});

afterAll(() => rmSync(electron.app.root, { recursive: true }));

describe("Electron's start", () => {
  it("sandboxes everything and declares its scheme before it is ready", () => {
    expect(electron.app.enableSandbox).toHaveBeenCalled();
    expect(electron.protocol.registerSchemesAsPrivileged).toHaveBeenCalledWith([
      expect.objectContaining({ scheme: "hone" }),
    ]);
  });

  it("opens no door to the window's inside in an installed app", () => {
    expect(electron.app.commandLine.removeSwitch.mock.calls).toEqual([
      ["remote-debugging-port"],
      ["remote-debugging-pipe"],
    ]);
  });

  it("hands the services their places and its abilities", () => {
    expect(createServices.mock.calls[0]?.[0]).toMatchObject({
      shell: { kind: "electron" },
      places: { version: "1.2.3" },
      addonPath: join(electron.app.root, "out", "native", "hone.node"),
    });
  });

  it("keeps the system awake but not the screen, and shows notes", () => {
    const shell = createServices.mock.calls[0]?.[0].shell as ShellAbilities;
    const release = shell.keepAwake();
    expect(electron.powerSaveBlocker.start).toHaveBeenCalledWith("prevent-app-suspension");
    release();
    expect(electron.powerSaveBlocker.stop).toHaveBeenCalledWith(7);
    shell.notify?.("“Night” is done", "From 0 % to 93 %.");
    expect(electron.Notification.shown).toEqual([{ title: "“Night” is done", body: "From 0 % to 93 %." }]);
  });

  it("tells of the mains, of sleep and of heat", async () => {
    const shell = createServices.mock.calls[0]?.[0].shell as ShellAbilities;
    const heard = vi.fn();
    const stop = shell.onPower?.(heard);
    for (const event of ["on-ac", "on-battery", "resume", "thermal-state-change"]) electron.powerMonitor.emit(event);
    expect(heard).toHaveBeenCalledTimes(4);
    stop?.();
    electron.powerMonitor.emit("on-ac");
    expect(heard).toHaveBeenCalledTimes(4);
    electron.powerMonitor.thermalState = "serious";
    expect((await shell.readPower()).heat).toEqual({ hot: true, cool: false, celsius: null });
    electron.powerMonitor.thermalState = "nominal";
    expect((await shell.readPower()).heat).toMatchObject({ hot: false, cool: true });
  });

  it("opens one isolated window on its own pages and shows it once it has something to show", () => {
    const [window] = electron.BrowserWindow.all;
    expect(window?.options).toMatchObject({
      show: false,
      webPreferences: {
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        nodeIntegrationInWorker: false,
        nodeIntegrationInSubFrames: false,
        webSecurity: true,
        allowRunningInsecureContent: false,
        webviewTag: false,
        devTools: false,
        preload: join(electron.app.root, "out", "electron", "preload.cjs"),
      },
    });
    expect(window?.loaded).toEqual(["hone://app/"]);
    window?.emit("ready-to-show");
    expect(window?.show).toHaveBeenCalled();
  });

  it("serves its pages with a strict policy and nothing else", async () => {
    const handle = electron.handled.get("hone");
    const page = await handle?.(new Request("hone://app/runs/1"));
    expect(await page?.text()).toBe("<!doctype html>hone");
    expect(page?.headers.get("content-security-policy")).toMatch(/default-src 'none'/);
    expect((await handle?.(new Request("hone://other/")))?.status).toBe(404);
    expect((await handle?.(new Request("hone://app/..%2f..%2fpackage.json")))?.status).toBe(404);
  });

  it("brings the window to the front when a second one is started", () => {
    electron.app.emit("second-instance");
    const [window] = electron.BrowserWindow.all;
    expect(window?.restore).toHaveBeenCalled();
    expect(window?.focus).toHaveBeenCalled();
  });
});

describe("Electron's contract", () => {
  it("answers the window", async () => {
    ask({ type: "request", id: 1, path: "app.info", input: undefined });
    await vi.waitFor(() =>
      expect(contents().sent).toContainEqual({
        channel: "hone",
        message: { type: "reply", id: 1, ok: true, value: info },
      }),
    );
  });

  it("tells the window the news", () => {
    const emit = createServices.mock.calls[0]?.[0].emit as (group: string, name: string, payload: unknown) => void;
    emit("models", "changed", { id: "m1" });
    expect(contents().sent).toContainEqual({
      channel: "hone",
      message: { type: "news", path: "models.changed", payload: { id: "m1" } },
    });
  });

  it.each([
    ["a page from elsewhere", { url: "https://evil.example/", parent: null }],
    ["a name that only begins like ours", { url: "hone://app.evil.example/", parent: null }],
    ["a frame inside our page", { url: "hone://app/", parent: {} }],
    ["a frame that is gone", null],
  ])("does not listen to %s", async (_, frame) => {
    const before = contents().sent.length;
    ask({ type: "request", id: 9, path: "app.info", input: undefined }, frame);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(contents().sent).toHaveLength(before);
  });

  it.each([
    [null],
    ["app.info"],
    [{ type: "news", path: "models.changed", payload: {} }],
    [{ type: "request", id: -1, path: "app.info" }],
  ])("drops what is not a request: %j", async (message) => {
    const before = contents().sent.length;
    ask(message);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(contents().sent).toHaveLength(before);
  });
});

describe("Electron's guard", () => {
  const prevented = (event: string, url: string, more = {}) => {
    const preventDefault = vi.fn();
    contents().emit(event, { url, preventDefault, ...more });
    return preventDefault.mock.calls.length > 0;
  };

  it("keeps the window on its own pages", () => {
    expect(prevented("will-navigate", "https://evil.example/")).toBe(true);
    expect(prevented("will-navigate", "file:///etc/passwd")).toBe(true);
    expect(prevented("will-navigate", "hone://app/models")).toBe(false);
    expect(prevented("will-navigate", "hone://app.evil.example/")).toBe(true);
    expect(prevented("will-frame-navigate", "hone://app/", { isMainFrame: false })).toBe(true);
    expect(prevented("will-frame-navigate", "hone://app/", { isMainFrame: true })).toBe(false);
    expect(prevented("will-redirect", "hone://app/")).toBe(true);
    expect(prevented("will-attach-webview", "")).toBe(true);
    expect(contents().openHandler?.({ url: "https://example.com" })).toEqual({ action: "deny" });
  });

  it("grants no permission", () => {
    const { defaultSession } = electron.session;
    const answer = vi.fn();
    defaultSession.requestHandler?.(null, "media", answer);
    expect(answer).toHaveBeenCalledWith(false);
    expect(defaultSession.checkHandler?.()).toBe(false);
    expect(defaultSession.deviceHandler?.()).toBe(false);
  });

  it("saves what the window made where the person says, and downloads nothing else", () => {
    const download = (url: string) => {
      const preventDefault = vi.fn();
      const setSaveDialogOptions = vi.fn();
      const item = { getURL: () => url, getFilename: () => "curve.csv", setSaveDialogOptions };
      electron.session.defaultSession.emit("will-download", { preventDefault }, item);
      return { prevented: preventDefault.mock.calls.length > 0, asked: setSaveDialogOptions.mock.calls };
    };
    expect(download("blob:hone://app/1-2-3")).toEqual({
      prevented: false,
      asked: [[{ title: "Save", defaultPath: "curve.csv" }]],
    });
    for (const url of [
      "https://evil.example/x.exe",
      "blob:https://evil.example/1",
      "data:text/plain,x",
      "hone://app/x",
    ])
      expect(download(url)).toEqual({ prevented: true, asked: [] });
  });

  it("lets the window reach nothing but its own scheme", () => {
    const cancelled = (url: string) => {
      const answer = vi.fn();
      electron.session.defaultSession.before?.({ url }, answer);
      const [[decision] = []] = answer.mock.calls as [{ cancel: boolean }?][];
      return decision?.cancel;
    };
    expect(cancelled("hone://app/assets/a.js")).toBe(false);
    expect(cancelled("https://example.com/")).toBe(true);
    expect(cancelled("http://127.0.0.1:80/")).toBe(true);
    expect(cancelled("file:///etc/passwd")).toBe(true);
  });
});

describe("Electron's preload", () => {
  it("gives the page a way to send and a way to listen, and nothing of Electron", async () => {
    await import("@main/shell/electron/preload");
    const hone = electron.exposed.hone as {
      send(message: unknown): void;
      onMessage(listener: (message: unknown) => void): () => void;
      pathOf(file: unknown): string;
    };
    expect(Object.keys(hone)).toEqual(["send", "onMessage", "pathOf"]);
    expect(hone.pathOf({ name: "tiny.gguf" })).toBe("/dropped/tiny.gguf");
    hone.send({ type: "request" });
    expect(electron.ipcRenderer.send).toHaveBeenCalledWith("hone", { type: "request" });
    const heard: unknown[] = [];
    const stop = hone.onMessage((...all) => heard.push(all));
    electron.ipcRenderer.emit("hone", { sender: "Electron's own event" }, { type: "news" });
    stop();
    electron.ipcRenderer.emit("hone", {}, { type: "news" });
    expect(heard).toEqual([[{ type: "news" }]]);
  });
});

describe("Electron's engine process", () => {
  it("passes messages both ways and tells its end", async () => {
    const { electronSpawner } = await import("@main/shell/electron/spawner");
    const engine = electronSpawner("/w.cjs")({ role: "studio", addonPath: "/a.node" });
    const child = electron.utilities.at(-1);
    expect(child?.args).toEqual(["--addon", "/a.node", "--role", "studio"]);
    const heard: unknown[] = [];
    engine.onMessage((message) => heard.push(message));
    const ends: unknown[] = [];
    engine.onExit((exit) => ends.push(exit));
    engine.send({ a: 1 });
    expect(child?.toChild).toEqual([{ a: 1 }]);
    child?.emit("message", { b: 2 });
    child?.stderr.emit("data", Buffer.from("oh no"));
    child?.emit("exit", 139);
    expect(heard).toEqual([{ b: 2 }]);
    expect(ends).toEqual([{ code: null, signal: "SIGSEGV", errorText: "oh no" }]);
  });

  it("is ended even before it has a process", async () => {
    const { electronSpawner } = await import("@main/shell/electron/spawner");
    const engine = electronSpawner("/w.cjs")({ role: "studio", addonPath: "/a.node" });
    engine.kill();
    expect(electron.utilities.at(-1)?.kill).toHaveBeenCalled();
  });
});

describe("Electron's abilities", () => {
  it("open the system's dialogs and its file manager", async () => {
    const { electronAbilities } = await import("@main/shell/electron/abilities");
    electron.dialog.showOpenDialog.mockResolvedValueOnce({ canceled: false, filePaths: ["/m.gguf"] });
    expect(await electronAbilities.pick("model")).toEqual({ supported: true, path: "/m.gguf" });
    electron.dialog.showOpenDialog.mockResolvedValueOnce({ canceled: true, filePaths: [] });
    expect(await electronAbilities.pick("folder")).toEqual({ supported: true, path: null });
    expect(await electronAbilities.reveal("/m.gguf")).toEqual({ supported: true });
    expect(electron.shell.showItemInFolder).toHaveBeenCalledWith("/m.gguf");
  });
});

// Last: the app is over after it.
describe("Electron's end", () => {
  it("lets work in progress reach the disk first", async () => {
    const preventDefault = vi.fn();
    electron.app.emit("before-quit", { preventDefault });
    expect(preventDefault).toHaveBeenCalled();
    await vi.waitFor(() => expect(electron.app.quit).toHaveBeenCalled());
    expect(services.close).toHaveBeenCalledOnce();
    electron.app.emit("before-quit", { preventDefault });
    expect(preventDefault).toHaveBeenCalledOnce();
  });
});
