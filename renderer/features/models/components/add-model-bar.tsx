import { Button } from "@renderer/ui/button";
import { ErrorPanel } from "@renderer/ui/error-panel";
import { Input } from "@renderer/ui/field";
import { FilePickButton } from "@renderer/ui/file-picker";
import { FolderOpen } from "lucide-react";
import { useState } from "react";

/** Type a path, choose a file, or drop one on the page. */
export function AddModelBar({
  add,
  busy,
  error,
  focus,
}: {
  readonly add: (path: string) => void;
  readonly busy: boolean;
  readonly error: Error | null;
  readonly focus: boolean;
}) {
  const [path, setPath] = useState("");
  const choose = (chosen: string) => {
    setPath(chosen);
    add(chosen);
  };
  return (
    <div className="flex flex-col gap-2">
      <form
        className="flex gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          if (path.trim()) add(path.trim());
        }}
      >
        <Input
          aria-label="Path of a GGUF model"
          placeholder="Path of a GGUF model; or drop a file anywhere on this page"
          className="flex-1 font-mono text-sm"
          value={path}
          autoFocus={focus}
          onChange={(event) => setPath(event.target.value)}
        />
        <Button type="submit" disabled={!path.trim()} busy={busy}>
          {busy ? "Reading…" : "Add"}
        </Button>
        <FilePickButton
          kind="model"
          variant="primary"
          disabled={busy}
          onPick={choose}
          icon={<FolderOpen size={16} aria-hidden />}
        >
          Choose a file…
        </FilePickButton>
      </form>
      {error && <ErrorPanel title="This file was not added" error={error} />}
    </div>
  );
}
