import { ago, bytes, count, loss } from "@renderer/lib/format";
import { Badge } from "@renderer/ui/badge";
import { Button, buttonClass } from "@renderer/ui/button";
import { ConfirmDialog } from "@renderer/ui/dialog";
import { EmptyState } from "@renderer/ui/empty-state";
import { Loaded } from "@renderer/ui/loaded";
import { Table, Td, Th, Tr } from "@renderer/ui/table";
import { toast } from "@renderer/ui/toast-store";
import type { KeptCheckpoint } from "@shared/models/checkpoint";
import type { RunRecord } from "@shared/models/run";
import { History, MessagesSquare, PackagePlus, Trash2 } from "lucide-react";
import { useState } from "react";
import { Link, useLocation } from "wouter";
import { useCheckpoints, useDropCheckpoints, usePromote } from "../api/checkpoints";

/** Places of the run to go back to: each can be talked to, and kept as an adapter. */
export function Checkpoints({ run }: { readonly run: RunRecord }) {
  const query = useCheckpoints(run.id);
  return (
    <Loaded query={query}>
      {(checkpoints) =>
        checkpoints.length === 0 ? (
          <EmptyState icon={<History size={22} aria-hidden />} title="No checkpoint to go back to">
            {run.recipe.checkpointEvery > 0
              ? `A run keeps one every ${count(run.recipe.checkpointEvery)} steps, and one at its end. Cancelled runs keep none.`
              : "This run keeps one at its end only; set “Checkpoint every” under Advanced to keep more."}
          </EmptyState>
        ) : (
          <CheckpointTable run={run} checkpoints={checkpoints} />
        )
      }
    </Loaded>
  );
}

function CheckpointTable({
  run,
  checkpoints,
}: {
  readonly run: RunRecord;
  readonly checkpoints: readonly KeptCheckpoint[];
}) {
  const total = checkpoints.reduce((sum, { bytes: size }) => sum + size, 0);
  const newest = checkpoints.at(-1)?.step;
  return (
    <>
      <Table label="Checkpoints">
        <thead>
          <tr>
            <Th>Step</Th>
            <Th className="text-right">Training loss</Th>
            <Th className="text-right">Validation loss</Th>
            <Th className="text-right max-lg:hidden">Size</Th>
            <Th className="max-lg:hidden">Written</Th>
            <Th>
              <span className="sr-only">Actions</span>
            </Th>
          </tr>
        </thead>
        <tbody>
          {[...checkpoints].reverse().map((checkpoint) => (
            <CheckpointRow
              key={checkpoint.step}
              run={run}
              checkpoint={checkpoint}
              newest={checkpoint.step === newest}
            />
          ))}
        </tbody>
      </Table>
      <div className="mt-2 flex flex-wrap items-center justify-between gap-2">
        <p className="num text-sm text-ink-faint">
          {bytes(total)} on disk. The newest and the best stay, and others spread over the run: at most 12, or 2 GB, or
          a quarter of the room on the disk.
        </p>
        <DropAll run={run} total={total} />
      </div>
    </>
  );
}

function DropAll({ run, total }: { readonly run: RunRecord; readonly total: number }) {
  const [asking, setAsking] = useState(false);
  const drop = useDropCheckpoints(run.id);
  return (
    <>
      <Button size="sm" variant="ghost" icon={<Trash2 size={14} aria-hidden />} onClick={() => setAsking(true)}>
        Delete them all…
      </Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title="Delete all checkpoints of this run?"
        text={
          run.state === "done"
            ? `${bytes(total)} become free. The run can no longer be gone back into or proved; its adapter stays.`
            : "The run can no longer be gone back into; it goes on from its newest checkpoint all the same."
        }
        action="Delete"
        busy={drop.isPending}
        onConfirm={() =>
          drop.mutate(undefined, {
            onSettled: () => setAsking(false),
            onError: (error) => toast({ tone: "bad", title: "They were not deleted", text: error.message }),
          })
        }
      />
    </>
  );
}

function CheckpointRow({
  run,
  checkpoint,
  newest,
}: {
  readonly run: RunRecord;
  readonly checkpoint: KeptCheckpoint;
  readonly newest: boolean;
}) {
  const { step, trainLoss, validationLoss, best, adapterId, writtenAt } = checkpoint;
  const [, go] = useLocation();
  const promote = usePromote(run.id);
  const keep = () =>
    promote.mutate(step, {
      onSuccess: (adapter) =>
        toast({
          tone: "good",
          title: "Kept as an adapter",
          text: adapter.name,
          action: { label: "Open it", run: () => go(`/export/${adapter.id}`) },
        }),
      onError: (error) => toast({ tone: "bad", title: "It was not kept", text: error.message }),
    });
  return (
    <Tr>
      <Td className="num">
        <span className="flex items-center gap-2">
          {count(step)}
          {best && <Badge tone="good">best</Badge>}
          {newest && <Badge>{run.state === "done" ? "last" : "newest"}</Badge>}
        </span>
      </Td>
      <Td className="num text-right">{loss(trainLoss)}</Td>
      <Td className="num text-right">{loss(validationLoss)}</Td>
      <Td className="num text-right text-ink-soft max-lg:hidden">{bytes(checkpoint.bytes)}</Td>
      <Td className="text-sm whitespace-nowrap text-ink-soft max-lg:hidden">{writtenAt ? ago(writtenAt) : "–"}</Td>
      <Td>
        <span className="flex justify-end gap-2">
          <Button
            size="sm"
            icon={<MessagesSquare size={14} aria-hidden />}
            aria-label={`Chat with step ${step}`}
            onClick={() => go("/playground", { state: { checkpoint: { runId: run.id, step } } })}
          >
            Chat with this
          </Button>
          {adapterId ? (
            <Link href={`/export/${adapterId}`} className={buttonClass("ghost", "sm")}>
              See its adapter
            </Link>
          ) : (
            <Button
              size="sm"
              icon={<PackagePlus size={14} aria-hidden />}
              aria-label={`Keep step ${step} as an adapter`}
              busy={promote.isPending}
              onClick={keep}
            >
              Keep as adapter
            </Button>
          )}
        </span>
      </Td>
    </Tr>
  );
}
