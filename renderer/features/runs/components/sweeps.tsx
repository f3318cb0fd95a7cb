import { count, counted, loss } from "@renderer/lib/format";
import { Badge } from "@renderer/ui/badge";
import { Button, buttonClass } from "@renderer/ui/button";
import { ConfirmDialog } from "@renderer/ui/dialog";
import { Disclosure } from "@renderer/ui/disclosure";
import { Table, Td, Th, Tr } from "@renderer/ui/table";
import { toast } from "@renderer/ui/toast-store";
import type { RunRecord } from "@shared/models/run";
import { type GridKey, gridKeys, type SweepRecord, type SweepRun } from "@shared/models/sweep";
import { ChartSpline, Square, Trophy } from "lucide-react";
import { useState } from "react";
import { Link } from "wouter";
import { useCancelSweep, useSweeps } from "../api/sweeps";
import { compareAddress } from "../hooks/compare-address";
import { gridValue, sweepHeads } from "../hooks/sweep-values";
import { RunStateBadge } from "./run-state-badge";

const isOpen = ({ state }: RunRecord) => state === "queued" || state === "running" || state === "paused";

/** Every sweep with its runs side by side; those that are still at it stand open. */
export function Sweeps({ runs }: { readonly runs: readonly RunRecord[] }) {
  const sweeps = useSweeps().data ?? [];
  if (sweeps.length === 0) return null;
  return (
    <section aria-label="Sweeps" className="mb-3 flex flex-col gap-2">
      {sweeps.map((sweep) => (
        <Sweep key={sweep.id} sweep={sweep} runs={runs.filter(({ sweepId }) => sweepId === sweep.id)} />
      ))}
    </section>
  );
}

function Sweep({ sweep, runs }: { readonly sweep: SweepRecord; readonly runs: readonly RunRecord[] }) {
  const open = runs.filter(isOpen).length;
  const done = runs.filter(({ state }) => state === "done").length;
  const winner = sweep.runs.find(({ id }) => id === sweep.winner);
  const note = [
    `${counted(sweep.runs.length, "run")}, ${count(done)} done`,
    ...(winner ? [`lowest validation loss ${loss(winner.validationLoss)}`] : []),
  ].join("; ");
  return (
    <Disclosure summary={sweep.name} note={note} open={open > 0}>
      <SweepTable sweep={sweep} runs={runs} />
      <div className="mt-2.5 flex justify-end gap-2">
        {runs.some(({ progress }) => progress !== null) && (
          <Link href={compareAddress(sweep.runs.map(({ id }) => id))} className={buttonClass("default", "sm")}>
            <ChartSpline size={14} aria-hidden />
            Compare the curves
          </Link>
        )}
        {open > 0 && <CancelRest sweep={sweep} open={open} />}
      </div>
    </Disclosure>
  );
}

function SweepTable({ sweep, runs }: { readonly sweep: SweepRecord; readonly runs: readonly RunRecord[] }) {
  const keys = gridKeys.filter((key) => sweep.grid[key]);
  return (
    <Table label={`Runs of ${sweep.name}`}>
      <thead>
        <tr>
          {keys.map((key) => (
            <Th key={key}>{sweepHeads[key]}</Th>
          ))}
          <Th className="text-right">Validation loss</Th>
          <Th>State</Th>
          <Th>Run</Th>
        </tr>
      </thead>
      <tbody>
        {sweep.runs.map((one) => (
          <SweepRow
            key={one.id}
            keys={keys}
            one={one}
            run={runs.find(({ id }) => id === one.id)}
            wins={one.id === sweep.winner}
          />
        ))}
      </tbody>
    </Table>
  );
}

function SweepRow({
  keys,
  one,
  run,
  wins,
}: {
  readonly keys: readonly GridKey[];
  readonly one: SweepRun;
  readonly run: RunRecord | undefined;
  readonly wins: boolean;
}) {
  return (
    <Tr className={wins ? "bg-good-soft" : ""}>
      {keys.map((key) => (
        <Td key={key} className="num">
          {one.change[key] === undefined ? "–" : gridValue(key, one.change[key])}
        </Td>
      ))}
      <Td className="num text-right">
        <span className="flex items-center justify-end gap-2">
          {wins && (
            <Badge tone="good" icon={<Trophy size={12} aria-hidden />}>
              lowest
            </Badge>
          )}
          {loss(one.validationLoss)}
        </span>
      </Td>
      <Td>{run && <RunStateBadge state={run.state} />}</Td>
      <Td>
        <Link href={`/runs/${one.id}`} className="underline">
          Open<span className="sr-only"> {run?.name ?? "this run"}</span>
        </Link>
      </Td>
    </Tr>
  );
}

function CancelRest({ sweep, open }: { readonly sweep: SweepRecord; readonly open: number }) {
  const [asking, setAsking] = useState(false);
  const cancel = useCancelSweep();
  return (
    <>
      <Button size="sm" variant="danger" icon={<Square size={14} aria-hidden />} onClick={() => setAsking(true)}>
        Cancel the rest
      </Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={`Cancel the rest of “${sweep.name}”?`}
        text={`${counted(open, "run")} of it ${open === 1 ? "is" : "are"} cancelled and their checkpoints deleted. Finished runs and their adapters stay.`}
        action="Cancel them"
        busy={cancel.isPending}
        onConfirm={() =>
          cancel.mutate(sweep.id, {
            onSettled: () => setAsking(false),
            onError: (error) => toast({ tone: "bad", title: "The sweep was not cancelled", text: error.message }),
          })
        }
      />
    </>
  );
}
