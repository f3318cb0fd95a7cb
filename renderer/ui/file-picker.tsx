import { bridge } from "@renderer/lib/bridge";
import { type FileKind, lastFolder, rememberFolder } from "@renderer/lib/files";
import { toErrorData } from "@shared/errors";
import { useCallback, useState } from "react";
import { Button, type ButtonProps } from "./button";
import { FolderBrowser } from "./folder-browser";
import { toast } from "./toast-store";

/**
 * Asks for a path: the system's dialog where the shell has one, else Hone's own folder list. `element` must be rendered; `ask` may
 * be called from anywhere.
 */
export function useFilePicker(kind: FileKind, onPick: (path: string) => void) {
  const [browsing, setBrowsing] = useState(false);
  const ask = useCallback(async () => {
    try {
      const answer = await bridge().app.pick({ kind });
      if (!answer.supported) setBrowsing(true);
      else if (answer.path) onPick(answer.path);
    } catch (error) {
      const { message, hint } = toErrorData(error);
      toast({ tone: "bad", title: message, text: hint });
    }
  }, [kind, onPick]);
  const element = browsing && (
    <FolderBrowser
      kind={kind}
      start={lastFolder(kind)}
      onClose={() => setBrowsing(false)}
      onPick={(path, folder) => {
        rememberFolder(kind, folder);
        setBrowsing(false);
        onPick(path);
      }}
    />
  );
  return { ask, element };
}

export function FilePickButton({
  kind,
  onPick,
  ...button
}: Omit<ButtonProps, "onClick"> & {
  readonly kind: FileKind;
  readonly onPick: (path: string) => void;
}) {
  const picker = useFilePicker(kind, onPick);
  return (
    <>
      <Button {...button} onClick={picker.ask} />
      {picker.element}
    </>
  );
}
