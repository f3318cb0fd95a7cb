import { Button } from "@renderer/ui/button";
import { Field, TextArea } from "@renderer/ui/field";
import { toast } from "@renderer/ui/toast-store";
import type { RunRecord } from "@shared/models/run";
import { useState } from "react";
import { useRenameRun } from "../api/runs";

export function RunNotes({ run }: { readonly run: RunRecord }) {
  const [note, setNote] = useState(run.note);
  const save = useRenameRun();
  return (
    <form
      className="flex max-w-3xl flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(
          { id: run.id, name: run.name, note },
          { onError: (error) => toast({ tone: "bad", title: "The note was not saved", text: error.message }) },
        );
      }}
    >
      <Field label="Note" hint="What you tried and what you saw. Kept with the run.">
        {(control) => (
          <TextArea
            {...control}
            rows={6}
            maxLength={10_000}
            value={note}
            onChange={(event) => setNote(event.target.value)}
          />
        )}
      </Field>
      <Button type="submit" className="self-start" busy={save.isPending} disabled={note === run.note}>
        Save the note
      </Button>
    </form>
  );
}
