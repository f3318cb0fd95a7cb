import { useAdapters } from "@renderer/features/adapters/api/adapters";
import { useDatasets } from "@renderer/features/datasets/api/datasets";
import { useModels } from "@renderer/features/models/api/models";
import { count, duration, loss, percent, speed } from "@renderer/lib/format";
import { Swatch } from "@renderer/ui/chart/swatch";
import { Table, Td, Th, Tr } from "@renderer/ui/table";
import { clsx } from "clsx";
import { useMemo } from "react";
import { differences } from "../hooks/differences";
import { resultsOf } from "../hooks/results";
import type { ComparedRun } from "../hooks/use-compared-runs";
import { RunStateBadge } from "./run-state-badge";

/** What the runs came to, and the settings in which they differ. */
export function CompareTable({ runs }: { readonly runs: readonly ComparedRun[] }) {
  const models = useModels().data;
  const datasets = useDatasets().data;
  const adapters = useAdapters().data;
  const { differing, shared } = useMemo(
    () =>
      differences(
        runs.map(({ run }) => run),
        {
          model: (id) => models?.find((model) => model.id === id)?.info.name ?? "removed",
          dataset: (id) => datasets?.find((dataset) => dataset.id === id)?.name ?? "removed",
        },
      ),
    [runs, models, datasets],
  );
  const results = useMemo(() => resultsOf(runs, adapters ?? []), [runs, adapters]);
  return (
    <div className="flex flex-col gap-1.5">
      <Table label="Results and differences">
        <thead>
          <tr>
            <Th>
              <span className="sr-only">What</span>
            </Th>
            {runs.map(({ run, stroke }) => (
              <Th key={run.id} className="text-right">
                <span className="inline-flex max-w-48 items-center gap-2">
                  <Swatch line={stroke} />
                  <span className="truncate text-sm text-ink" title={run.name}>
                    {run.name}
                  </span>
                </span>
              </Th>
            ))}
          </tr>
        </thead>
        <tbody>
          <Tr>
            <RowName>State</RowName>
            {runs.map(({ run }) => (
              <Td key={run.id} className="text-right">
                <RunStateBadge state={run.state} />
              </Td>
            ))}
          </Tr>
          {results.map(({ key, label, values, best }) => (
            <Tr key={key}>
              <RowName>{label}</RowName>
              {values.map((value, at) => (
                <Td
                  key={runs[at]?.run.id}
                  className={clsx("num text-right whitespace-nowrap", at === best ? "font-semibold text-accent" : "")}
                >
                  {value === null ? "–" : formats[key](value)}
                  {at === best && <span className="sr-only"> (best)</span>}
                </Td>
              ))}
            </Tr>
          ))}
          {differing.map(({ label, values }) => (
            <Tr key={label}>
              <RowName>{label}</RowName>
              {values.map((value, at) => (
                <Td key={runs[at]?.run.id} className="num text-right">
                  {value}
                </Td>
              ))}
            </Tr>
          ))}
        </tbody>
      </Table>
      <p className="text-sm text-ink-faint">{sharedText(runs.length, differing.length, shared)}</p>
    </div>
  );
}

/** How much worse than before training; below zero it became better. */
function signedLoss(value: number): string {
  return value < 0 ? `−${loss(-value)}` : `+${loss(value)}`;
}

const formats = {
  validation: loss,
  bestStep: count,
  train: loss,
  exact: percent,
  contains: percent,
  json: percent,
  heldOutLoss: loss,
  forgetting: signedLoss,
  time: duration,
  speed,
} as const;

function RowName({ children }: { readonly children: string }) {
  return (
    <th scope="row" className="border-b border-line px-3 py-2 font-normal whitespace-nowrap text-ink-soft">
      {children}
    </th>
  );
}

function sharedText(runs: number, differing: number, shared: number): string {
  if (runs < 2) return "Add another run to see in which settings they differ.";
  if (differing === 0) return `All ${shared} settings are the same.`;
  return `The other ${shared} settings are the same in all of them.`;
}
