import { bridge } from "@renderer/lib/bridge";
import { fileName } from "@renderer/lib/format";
import { queryOptions } from "@tanstack/react-query";

export type FileKind = "model" | "dataset" | "adapter" | "folder";

export const extensionsOf: Record<FileKind, readonly string[]> = {
  model: ["gguf"],
  dataset: ["jsonl", "json", "csv", "tsv", "txt"],
  adapter: ["gguf", "zip"],
  folder: [],
};

const lastFolderKey = (kind: FileKind) => `hone.folder.${kind}`;

/** Where the person last chose a file of this kind; null starts at home. */
export function lastFolder(kind: FileKind): string | null {
  return localStorage.getItem(lastFolderKey(kind));
}

export function rememberFolder(kind: FileKind, folder: string): void {
  localStorage.setItem(lastFolderKey(kind), folder);
}

export function folderQuery(kind: FileKind, folder: string | null) {
  return queryOptions({
    queryKey: ["folder", kind, folder],
    queryFn: () => bridge().app.browse({ folder, extensions: [...extensionsOf[kind]] }),
    staleTime: 0,
  });
}

/** The path of a dropped file where the shell or the system tells it; a browser usually does not. */
export function droppedPath(transfer: DataTransfer): { readonly path: string | null; readonly name: string } {
  const file = transfer.files[0];
  const told = file && window.hone?.pathOf?.(file);
  if (told) return { path: told, name: file.name };
  const address = transfer
    .getData("text/uri-list")
    .split(/\r?\n/)
    .find((line) => line.startsWith("file://"));
  if (address) {
    const path = decodeURIComponent(new URL(address).pathname).replace(/^\/([A-Za-z]:)/, "$1");
    return { path, name: fileName(path) };
  }
  return { path: null, name: file?.name ?? "" };
}
