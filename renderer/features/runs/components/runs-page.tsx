import { useDatasets } from "@renderer/features/datasets/api/datasets";
import { useModels } from "@renderer/features/models/api/models";
import { ago, duration, loss } from "@renderer/lib/format";
import { buttonClass } from "@renderer/ui/button";
import { Checkbox } from "@renderer/ui/checkbox";
import { EmptyState } from "@renderer/ui/empty-state";
import { Kbd } from "@renderer/ui/kbd";
import { Loaded } from "@renderer/ui/loaded";
import { Page } from "@renderer/ui/page";
import { Progress } from "@renderer/ui/progress";
import { Table, Td, Th, Tr } from "@renderer/ui/table";
import type { RunRecord } from "@shared/models/run";
import { Play, TrendingDown } from "lucide-react";
import { useState } from "react";
import { Link } from "wouter";
import { useRuns } from "../api/runs";
import { inOrder, placeInQueue } from "../hooks/order";
import { CompareBar } from "./compare-bar";
import { QueueLine } from "./queue-line";
import { RunMenu } from "./run-menu";
import { RunStateBadge } from "./run-state-badge";
import { Sweeps } from "./sweeps";

export function RunsPage() {
  const query = useRuns();
  return (
    <Page
      title="Runs"
      lead="One run trains at a time; the others wait their turn. Runs survive a restart of Hone."
      actions={
        <Link href="/runs/new" className={buttonClass("primary")}>
          <Play size={16} aria-hidden />
          New run
        </Link>
      }
    >
      <Loaded query={query}>
        {(runs) =>
          runs.length === 0 ? (
            <EmptyState
              icon={<TrendingDown size={22} aria-hidden />}
              title="No run yet"
              actions={
                <Link href="/runs/new" className={buttonClass("primary")}>
                  Start the first run
                </Link>
              }
            >
              A run teaches a model your examples and leaves an adapter: a small file that changes how the model
              answers. The starter model and dataset need about two minutes. Press <Kbd keys="n" /> anywhere for a new
              run.
            </EmptyState>
          ) : (
            <ChoosableRuns runs={runs} />
          )
        }
      </Loaded>
    </Page>
  );
}

/** The list, in which runs can be ticked for a comparison. */
function ChoosableRuns({ runs }: { readonly runs: readonly RunRecord[] }) {
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const there = chosen.filter((id) => runs.some((run) => run.id === id));
  return (
    <>
      <QueueLine runs={runs} />
      <Sweeps runs={runs} />
      <RunsTable
        runs={inOrder(runs)}
        choice={{
          chosen: there,
          choose: (id, on) => setChosen(on ? [...there, id] : there.filter((other) => other !== id)),
        }}
      />
      <CompareBar chosen={there} onClear={() => setChosen([])} />
    </>
  );
}

export interface Choice {
  /** In the order in which they were ticked. */
  readonly chosen: readonly string[];
  choose(id: string, on: boolean): void;
}

export function RunsTable({ runs, choice }: { readonly runs: readonly RunRecord[]; readonly choice?: Choice }) {
  const models = useModels().data;
  const datasets = useDatasets().data;
  return (
    <Table label="Runs">
      <thead>
        <tr>
          {choice && (
            <Th className="w-9 pr-0">
              <span className="sr-only">Compare</span>
            </Th>
          )}
          <Th>Name</Th>
          <Th>State</Th>
          <Th>Model and dataset</Th>
          <Th className="text-right">Loss</Th>
          <Th className="text-right">Validation</Th>
          <Th>When</Th>
          <Th>
            <span className="sr-only">Actions</span>
          </Th>
        </tr>
      </thead>
      <tbody>
        {runs.map((run) => {
          const place = placeInQueue(runs, run.id);
          return (
            <Tr key={run.id}>
              {choice && (
                <Td className="w-9 pr-0">
                  <Checkbox
                    label={`Compare ${run.name}`}
                    checked={choice.chosen.includes(run.id)}
                    disabled={run.progress === null}
                    onChange={(on) => choice.choose(run.id, on)}
                  />
                </Td>
              )}
              <Td className="max-w-64 max-xl:max-w-44">
                <Link href={`/runs/${run.id}`} className="block truncate font-medium hover:underline">
                  {run.name}
                </Link>
                {run.note && <span className="block truncate text-xs text-ink-faint">{run.note}</span>}
              </Td>
              <Td className="w-44">
                <span className="flex items-center gap-2">
                  <RunStateBadge state={run.state} />
                  {place !== null && (
                    <span className="num text-xs text-ink-faint">
                      {place === 1 ? "next" : `${place - 1} before it`}
                    </span>
                  )}
                </span>
                {run.state === "running" && <RunningLine run={run} />}
              </Td>
              <Td className="max-w-56 max-xl:max-w-40">
                <span className="block truncate">
                  {models?.find(({ id }) => id === run.modelId)?.info.name ?? "removed model"}
                </span>
                <span className="block truncate text-xs text-ink-faint">
                  {datasets?.find(({ id }) => id === run.datasetId)?.name ?? "removed dataset"}
                </span>
              </Td>
              <Td className="num text-right">{loss(run.progress?.trainLoss ?? null)}</Td>
              <Td className="num text-right">{loss(run.progress?.validationLoss ?? null)}</Td>
              <Td className="text-sm whitespace-nowrap text-ink-soft">
                {ago(run.finishedAt ?? run.startedAt ?? run.createdAt)}
                {run.progress && run.state !== "queued" && (
                  <span className="num block text-xs text-ink-faint">
                    {run.state === "running" ? "for" : "took"} {duration(run.progress.elapsedSeconds)}
                  </span>
                )}
              </Td>
              <Td className="w-12 text-right">
                <RunMenu run={run} />
              </Td>
            </Tr>
          );
        })}
      </tbody>
    </Table>
  );
}

function RunningLine({ run }: { readonly run: RunRecord }) {
  const progress = run.progress;
  const share = progress && progress.totalSteps > 0 ? progress.step / progress.totalSteps : null;
  return (
    <span className="mt-1.5 block">
      <Progress value={share} label={`Progress of ${run.name}`} />
      {progress?.remainingSeconds != null && (
        <span className="num mt-0.5 block text-xs text-ink-faint">{duration(progress.remainingSeconds)} left</span>
      )}
    </span>
  );
}
