import type { PickKind, ShellAbilities } from "@main/shell/abilities";
import { BrowserWindow, dialog, type OpenDialogOptions, shell } from "electron";

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
};

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
    filters: [{ name: "GGUF adapters", extensions: ["gguf"] }, all],
  },
  folder: { title: "Choose a folder", properties: ["openDirectory", "createDirectory"] },
};
