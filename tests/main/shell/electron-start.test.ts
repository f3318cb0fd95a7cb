import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HoneError } from "@shared/errors";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

vi.mock("electron", () => import("./support/fake-electron"));
const createServices = vi.fn();
vi.mock("@main/services", () => ({ createServices }));

/** A start of its own. The stand-in outlives it, and so is put back first. */
async function start(change: (electron: typeof import("./support/fake-electron")) => void) {
  vi.resetModules();
  const electron = (await import("electron")) as unknown as typeof import("./support/fake-electron");
  Object.assign(electron.app, { root, lock: true, isPackaged: true });
  electron.BrowserWindow.all.length = 0;
  vi.clearAllMocks();
  change(electron);
  await import("@main/shell/electron/main");
  return electron;
}

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "hone-electron-"));
  writeFileSync(join(root, "package.json"), JSON.stringify({ name: "hone", version: "1.2.3" }));
});
afterEach(() => rmSync(root, { recursive: true }));

describe("Electron's start", () => {
  it("leaves the work to the Hone that is already open", async () => {
    const electron = await start(({ app }) => {
      app.lock = false;
    });
    expect(electron.app.quit).toHaveBeenCalledOnce();
    expect(createServices).not.toHaveBeenCalled();
    expect(electron.BrowserWindow.all).toEqual([]);
  });

  it("says so and ends when a served Hone has the data folder", async () => {
    createServices.mockRejectedValue(
      new HoneError("app.second-instance", "Hone is already at work in it.", "Close it first."),
    );
    const electron = await start(() => undefined);
    await vi.waitFor(() => expect(electron.app.exit).toHaveBeenCalledWith(1));
    expect(electron.dialog.showErrorBox).toHaveBeenCalledWith(
      "Hone cannot start",
      "Hone is already at work in it.\n\nClose it first.",
    );
    expect(electron.BrowserWindow.all).toEqual([]);
  });

  it("says so and ends when the database belongs to a newer Hone", async () => {
    createServices.mockRejectedValue(
      new HoneError("storage.newer", "It has version 99.", "Open it with the newer one."),
    );
    const electron = await start(() => undefined);
    await vi.waitFor(() => expect(electron.app.exit).toHaveBeenCalledWith(1));
    expect(electron.dialog.showErrorBox).toHaveBeenCalledWith(
      "Hone cannot start",
      expect.stringContaining("version 99"),
    );
  });

  it("leaves the doors for looking inside open while Hone is made", async () => {
    createServices.mockResolvedValue({ handlers: {}, close: async () => undefined });
    const electron = await start(({ app }) => {
      app.isPackaged = false;
    });
    await vi.waitFor(() => expect(electron.BrowserWindow.all).toHaveLength(1));
    expect(electron.app.commandLine.removeSwitch).not.toHaveBeenCalled();
    expect(electron.BrowserWindow.all[0]?.options.webPreferences).toMatchObject({ devTools: true, sandbox: true });
  });
});
