import { ConfirmDialog } from "@renderer/ui/dialog";
import { Menu } from "@renderer/ui/menu";
import { RenameDialog } from "@renderer/ui/rename-dialog";
import { toast } from "@renderer/ui/toast-store";
import type { RunRecord } from "@shared/models/run";
import { Copy, Pencil, Trash2 } from "lucide-react";
import { useState } from "react";
import { useLocation } from "wouter";
import { useRemoveRun, useRenameRun } from "../api/runs";

export function RunMenu({ run, onRemoved }: { readonly run: RunRecord; readonly onRemoved?: () => void }) {
  const [open, setOpen] = useState<"rename" | "remove" | null>(null);
  const [, go] = useLocation();
  const rename = useRenameRun();
  const remove = useRemoveRun();
  const close = () => setOpen(null);
  const atWork = run.state === "running";
  const failed = (title: string) => (error: Error) => {
    close();
    toast({ tone: "bad", title, text: error.message });
  };
  const again = { modelId: run.modelId, datasetId: run.datasetId, goal: run.goal, recipe: run.recipe };
  return (
    <>
      <Menu
        label={`Actions for ${run.name}`}
        items={[
          { label: "New run like this", icon: <Copy size={15} />, run: () => go("/runs/new", { state: again }) },
          { label: "Rename…", icon: <Pencil size={15} />, run: () => setOpen("rename") },
          {
            label: atWork ? "Remove (cancel it first)" : "Remove…",
            icon: <Trash2 size={15} />,
            danger: true,
            disabled: atWork,
            run: () => setOpen("remove"),
          },
        ]}
      />
      {open === "rename" && (
        <RenameDialog
          open
          onOpenChange={close}
          what="run"
          name={run.name}
          busy={rename.isPending}
          onRename={(name) =>
            rename.mutate({ id: run.id, name }, { onSuccess: close, onError: failed("The run was not renamed") })
          }
        />
      )}
      <ConfirmDialog
        open={open === "remove"}
        onOpenChange={close}
        title={`Remove “${run.name}”?`}
        text="Its curve, log, samples and checkpoint are deleted. An adapter that it made stays under Export."
        action="Remove"
        busy={remove.isPending}
        onConfirm={() =>
          remove.mutate(run.id, {
            onSuccess: () => {
              close();
              onRemoved?.();
            },
            onError: failed("The run was not removed"),
          })
        }
      />
    </>
  );
}
