import { droppedPath, type FileKind } from "@renderer/lib/files";
import { clsx } from "clsx";
import { type DragEvent, type ReactNode, useState } from "react";
import { useFilePicker } from "./file-picker";
import { toast } from "./toast-store";

/** A page on which a file may be dropped. Where the shell cannot tell the file's path, the folder list opens instead. */
export function DropZone({
  kind,
  invitation,
  onDrop,
  children,
}: {
  readonly kind: FileKind;
  readonly invitation: string;
  readonly onDrop: (path: string) => void;
  readonly children: ReactNode;
}) {
  const [over, setOver] = useState(false);
  const picker = useFilePicker(kind, onDrop);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const { path, name } = droppedPath(event.dataTransfer);
    if (path) return onDrop(path);
    toast({
      tone: "info",
      title: `Choose ${name ? `“${name}”` : "the file"} in the list`,
      text: "A browser keeps the place of a dropped file to itself, and Hone reads files where they are.",
    });
    void picker.ask();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is an addition to the buttons inside, never the only way
    <div
      className="relative flex-1"
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
      }}
      onDrop={drop}
    >
      {children}
      <div
        aria-hidden
        className={clsx(
          "pointer-events-none absolute inset-0 z-10 flex items-center justify-center rounded-lg border-2 border-dashed border-accent bg-accent-soft/90 text-md font-medium text-accent",
          !over && "hidden",
        )}
      >
        {invitation}
      </div>
      {picker.element}
    </div>
  );
}
