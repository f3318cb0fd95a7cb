import { ConfirmDialog } from "@renderer/ui/dialog";
import { Menu } from "@renderer/ui/menu";
import { RenameDialog } from "@renderer/ui/rename-dialog";
import { toast } from "@renderer/ui/toast-store";
import type { RunRecord } from "@shared/models/run";
import { ChevronDown, ChevronsUp, ChevronUp, Copy, Pencil, RotateCcw, Trash2 } from "lucide-react";
import { useState } from "react";
import { useLocation } from "wouter";
import { useMoveRun, useRemoveRun, useRenameRun, useRepeatRun, useRuns } from "../api/runs";
import { placeInQueue } from "../hooks/order";

export function RunMenu({ run, onRemoved }: { readonly run: RunRecord; readonly onRemoved?: () => void }) {
  const [open, setOpen] = useState<"rename" | "remove" | null>(null);
  const [, go] = useLocation();
  const rename = useRenameRun();
  const remove = useRemoveRun();
  const move = useMoveRun();
  const repeat = useRepeatRun();
  const close = () => setOpen(null);
  const atWork = run.state === "running";
  const failed = (title: string) => (error: Error) => {
    close();
    toast({ tone: "bad", title, text: error.message });
  };
  const place = (placeInQueue(useRuns().data ?? [], run.id) ?? 0) - 1;
  const moveTo = (to: number) => () =>
    move.mutate({ id: run.id, place: to }, { onError: failed("The run was not moved") });
  const moves =
    place < 0
      ? []
      : [
          {
            label: "Move to the front",
            icon: <ChevronsUp size={15} />,
            disabled: place === 0,
            run: moveTo(0),
          },
          { label: "Move up", icon: <ChevronUp size={15} />, disabled: place === 0, run: moveTo(place - 1) },
          { label: "Move down", icon: <ChevronDown size={15} />, run: moveTo(place + 1) },
        ];
  const again = { modelId: run.modelId, datasetId: run.datasetId, goal: run.goal, recipe: run.recipe };
  return (
    <>
      <Menu
        label={`Actions for ${run.name}`}
        items={[
          ...moves,
          ...(run.state === "failed" || run.state === "cancelled"
            ? [
                {
                  label: "Try again from the beginning",
                  icon: <RotateCcw size={15} />,
                  run: () =>
                    repeat.mutate({ id: run.id, change: {} }, { onError: failed("The run was not started again") }),
                },
              ]
            : []),
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
