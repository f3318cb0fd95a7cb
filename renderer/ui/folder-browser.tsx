import { extensionsOf, type FileKind, folderQuery } from "@renderer/lib/files";
import { bytes } from "@renderer/lib/format";
import { useQuery } from "@tanstack/react-query";
import { CornerLeftUp, File, Folder } from "lucide-react";
import { type FormEvent, type KeyboardEvent, useState } from "react";
import { Button, IconButton } from "./button";
import { Dialog } from "./dialog";
import { Input } from "./field";
import { Loaded } from "./loaded";

const titles: Record<FileKind, string> = {
  model: "Choose a GGUF model",
  dataset: "Choose a dataset file",
  adapter: "Choose a GGUF adapter",
  folder: "Choose a folder",
};

/** Hone's own folder list for the served shell. A path can be typed or pasted as well. */
export function FolderBrowser({
  kind,
  start,
  onPick,
  onClose,
}: {
  readonly kind: FileKind;
  readonly start: string | null;
  readonly onPick: (path: string, folder: string) => void;
  readonly onClose: () => void;
}) {
  const [folder, setFolder] = useState(start);
  const [typed, setTyped] = useState<string | null>(null);
  const query = useQuery(folderQuery(kind, folder));
  const here = query.data?.folder ?? folder ?? "";
  const entries = query.data?.entries.filter((entry) => entry.kind === "folder" || kind !== "folder") ?? [];

  const go = (next: string | null) => {
    setTyped(null);
    setFolder(next);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const path = (typed ?? here).trim();
    if (!path) return;
    const isFile = extensionsOf[kind].some((extension) => path.toLowerCase().endsWith(`.${extension}`));
    if (isFile) onPick(path, here);
    else go(path);
  };

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={titles[kind]}
      description="These are the folders of the machine that Hone runs on. Nothing is copied or uploaded."
      width="max-w-2xl"
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          {kind === "folder" && (
            <Button variant="primary" disabled={!query.data} onClick={() => onPick(here, here)}>
              Use this folder
            </Button>
          )}
        </>
      }
    >
      <form onSubmit={submit} className="mb-3 flex gap-2">
        <IconButton
          label="To the folder above"
          variant="default"
          disabled={!query.data?.parent}
          onClick={() => go(query.data?.parent ?? null)}
        >
          <CornerLeftUp size={16} aria-hidden />
        </IconButton>
        <Input
          aria-label="Path"
          className="font-mono text-sm"
          value={typed ?? here}
          placeholder="Type or paste a path"
          onChange={(event) => setTyped(event.target.value)}
        />
        <Button type="submit">Open</Button>
      </form>
      <div className="h-80 overflow-y-auto rounded-md border border-line bg-surface">
        <Loaded query={query} waiting={<p className="p-4 text-ink-faint">Reading the folder…</p>}>
          {() =>
            entries.length === 0 ? (
              <p className="p-4 text-ink-faint">
                {kind === "folder"
                  ? "No folders in here. “Use this folder” takes the one you are in."
                  : `Nothing here ends in ${extensionsOf[kind].map((extension) => `.${extension}`).join(", ")}.`}
              </p>
            ) : (
              <ul className="p-1" onKeyDown={moveWithArrows}>
                {entries.map((entry) => (
                  <li key={entry.path}>
                    <button
                      type="button"
                      onClick={() => (entry.kind === "folder" ? go(entry.path) : onPick(entry.path, here))}
                      className="flex h-8 w-full items-center gap-2 rounded px-2 text-left hover:bg-hover"
                    >
                      {entry.kind === "folder" ? (
                        <Folder size={16} aria-hidden className="shrink-0 text-accent" />
                      ) : (
                        <File size={16} aria-hidden className="shrink-0 text-ink-faint" />
                      )}
                      <span className="min-w-0 flex-1 truncate">{entry.name}</span>
                      {entry.kind === "file" && (
                        <span className="num text-sm text-ink-faint">{bytes(entry.bytes)}</span>
                      )}
                    </button>
                  </li>
                ))}
              </ul>
            )
          }
        </Loaded>
      </div>
    </Dialog>
  );
}

function moveWithArrows(event: KeyboardEvent<HTMLUListElement>): void {
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (!step) return;
  event.preventDefault();
  const buttons = [...event.currentTarget.querySelectorAll("button")];
  const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
  buttons[Math.max(0, Math.min(buttons.length - 1, at + step))]?.focus();
}
