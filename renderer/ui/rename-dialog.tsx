import { useState } from "react";
import { Button } from "./button";
import { Dialog } from "./dialog";
import { Field, Input } from "./field";

export function RenameDialog({
  open,
  onOpenChange,
  what,
  name,
  busy = false,
  onRename,
}: {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly what: string;
  readonly name: string;
  readonly busy?: boolean;
  readonly onRename: (name: string) => void;
}) {
  const [text, setText] = useState(name);
  const trimmed = text.trim();
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={`Rename ${what}`}
      width="max-w-md"
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button variant="primary" busy={busy} disabled={!trimmed || trimmed === name} form="rename" type="submit">
            Rename
          </Button>
        </>
      }
    >
      <form
        id="rename"
        onSubmit={(event) => {
          event.preventDefault();
          if (trimmed) onRename(trimmed);
        }}
      >
        <Field label="Name">
          {(control) => (
            <Input {...control} value={text} maxLength={200} autoFocus onChange={(e) => setText(e.target.value)} />
          )}
        </Field>
      </form>
    </Dialog>
  );
}
