import { ConfirmDialog } from "@renderer/ui/dialog";
import { Menu } from "@renderer/ui/menu";
import { RenameDialog } from "@renderer/ui/rename-dialog";
import { toast } from "@renderer/ui/toast-store";
import type { DatasetRecord } from "@shared/models/dataset";
import { Pencil, Play, Trash2 } from "lucide-react";
import { useState } from "react";
import { useLocation } from "wouter";
import { useRemoveDataset, useRenameDataset } from "../api/datasets";

export function DatasetMenu({
  dataset,
  onRemoved,
}: {
  readonly dataset: DatasetRecord;
  readonly onRemoved?: () => void;
}) {
  const [open, setOpen] = useState<"rename" | "remove" | null>(null);
  const [, go] = useLocation();
  const rename = useRenameDataset();
  const remove = useRemoveDataset();
  const close = () => setOpen(null);
  const failed = (title: string) => (error: Error) => {
    close();
    toast({ tone: "bad", title, text: error.message });
  };
  return (
    <>
      <Menu
        label={`Actions for ${dataset.name}`}
        items={[
          {
            label: "Train on it",
            icon: <Play size={15} />,
            run: () => go("/runs/new", { state: { datasetId: dataset.id } }),
          },
          { label: "Rename…", icon: <Pencil size={15} />, run: () => setOpen("rename") },
          { label: "Remove…", icon: <Trash2 size={15} />, danger: true, run: () => setOpen("remove") },
        ]}
      />
      {open === "rename" && (
        <RenameDialog
          open
          onOpenChange={close}
          what="dataset"
          name={dataset.name}
          busy={rename.isPending}
          onRename={(name) =>
            rename.mutate(
              { id: dataset.id, name },
              { onSuccess: close, onError: failed("The dataset was not renamed") },
            )
          }
        />
      )}
      <ConfirmDialog
        open={open === "remove"}
        onOpenChange={close}
        title={`Remove “${dataset.name}”?`}
        text="Hone's copy of the examples is deleted. The file it came from is not touched, and runs keep their curves and settings."
        action="Remove"
        busy={remove.isPending}
        onConfirm={() =>
          remove.mutate(dataset.id, {
            onSuccess: () => {
              close();
              onRemoved?.();
            },
            onError: failed("The dataset was not removed"),
          })
        }
      />
    </>
  );
}
