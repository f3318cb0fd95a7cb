import type { PowerReading } from "@main/power/reading";
import { systemReader } from "@main/power/system";
import type { PickKind, ShellAbilities } from "@main/shell/abilities";
import {
  BrowserWindow,
  dialog,
  Notification,
  type OpenDialogOptions,
  powerMonitor,
  powerSaveBlocker,
  shell,
} from "electron";

export const electronAbilities: ShellAbilities = {
  kind: "electron",
  pick: async (kind) => {
    const window = BrowserWindow.getFocusedWindow();
    const options = dialogs[kind];
    const { canceled, filePaths } = await (window
      ? dialog.showOpenDialog(window, options)
      : dialog.showOpenDialog(options));
    return { supported: true, path: canceled ? null : (filePaths[0] ?? null) };
  },
  reveal: async (path) => {
    shell.showItemInFolder(path);
    return { supported: true };
  },
  keepAwake: () => {
    const blocker = powerSaveBlocker.start("prevent-app-suspension");
    return () => powerSaveBlocker.stop(blocker);
  },
  notify: (title, text) => {
    if (Notification.isSupported()) new Notification({ title, body: text }).show();
  },
  readPower: async () => {
    const reading = await readSystem();
    return { ...reading, heat: thermalState() ?? reading.heat };
  },
  onPower: (listener) => {
    for (const event of powerEvents) powerMonitor.on(event as "resume", listener);
    return () => {
      for (const event of powerEvents) powerMonitor.off(event as "resume", listener);
    };
  },
};

const readSystem = systemReader();

const powerEvents = ["on-ac", "on-battery", "resume", "thermal-state-change"] as const;

/** macOS puts its heat into words; elsewhere Electron knows nothing. */
function thermalState(): PowerReading["heat"] {
  const state = powerMonitor.getCurrentThermalState?.() ?? "unknown";
  if (state === "unknown") return null;
  return {
    hot: state === "serious" || state === "critical",
    cool: state === "nominal" || state === "fair",
    celsius: null,
  };
}

const all = { name: "All files", extensions: ["*"] };

const dialogs: Record<PickKind, OpenDialogOptions> = {
  model: {
    title: "Add a model",
    properties: ["openFile"],
    filters: [{ name: "GGUF models", extensions: ["gguf"] }, all],
  },
  dataset: {
    title: "Add a dataset",
    properties: ["openFile"],
    filters: [{ name: "Datasets", extensions: ["jsonl", "json", "csv", "txt"] }, all],
  },
  adapter: {
    title: "Add an adapter",
    properties: ["openFile"],
    filters: [{ name: "Adapters and bundles", extensions: ["gguf", "zip"] }, all],
  },
  folder: { title: "Choose a folder", properties: ["openDirectory", "createDirectory"] },
};
