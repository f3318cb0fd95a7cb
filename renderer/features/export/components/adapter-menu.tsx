import { useRemoveAdapter, useRenameAdapter } from "@renderer/features/adapters/api/adapters";
import { ConfirmDialog } from "@renderer/ui/dialog";
import { Menu } from "@renderer/ui/menu";
import { RenameDialog } from "@renderer/ui/rename-dialog";
import { toast } from "@renderer/ui/toast-store";
import type { AdapterRecord } from "@shared/models/adapter";
import { MessagesSquare, Pencil, Trash2, TrendingDown } from "lucide-react";
import { useState } from "react";
import { useLocation } from "wouter";

export function AdapterMenu({
  adapter,
  onRemoved,
}: {
  readonly adapter: AdapterRecord;
  readonly onRemoved?: () => void;
}) {
  const [open, setOpen] = useState<"rename" | "remove" | null>(null);
  const [, go] = useLocation();
  const rename = useRenameAdapter();
  const remove = useRemoveAdapter();
  const close = () => setOpen(null);
  const failed = (title: string) => (error: Error) => {
    close();
    toast({ tone: "bad", title, text: error.message });
  };
  const { runId } = adapter;
  return (
    <>
      <Menu
        label={`Actions for ${adapter.name}`}
        items={[
          {
            label: "Compare base and tuned",
            icon: <MessagesSquare size={15} />,
            disabled: adapter.missing,
            run: () => go("/playground", { state: { compare: adapter.id } }),
          },
          ...(runId
            ? [{ label: "See its run", icon: <TrendingDown size={15} />, run: () => go(`/runs/${runId}`) }]
            : []),
          { label: "Rename…", icon: <Pencil size={15} />, run: () => setOpen("rename") },
          { label: "Remove…", icon: <Trash2 size={15} />, danger: true, run: () => setOpen("remove") },
        ]}
      />
      {open === "rename" && (
        <RenameDialog
          open
          onOpenChange={close}
          what="adapter"
          name={adapter.name}
          busy={rename.isPending}
          onRename={(name) =>
            rename.mutate(
              { id: adapter.id, name },
              { onSuccess: close, onError: failed("The adapter was not renamed") },
            )
          }
        />
      )}
      <ConfirmDialog
        open={open === "remove"}
        onOpenChange={close}
        title={`Remove “${adapter.name}”?`}
        text="Hone's copy of the adapter is deleted. Exports that you made of it are not touched, and its run keeps its curve and settings."
        action="Remove"
        busy={remove.isPending}
        onConfirm={() =>
          remove.mutate(adapter.id, {
            onSuccess: () => {
              close();
              onRemoved?.();
            },
            onError: failed("The adapter was not removed"),
          })
        }
      />
    </>
  );
}
