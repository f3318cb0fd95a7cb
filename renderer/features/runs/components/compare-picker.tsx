import { IconButton } from "@renderer/ui/button";
import { Swatch } from "@renderer/ui/chart/swatch";
import { Select } from "@renderer/ui/select";
import { X } from "lucide-react";
import { Link } from "wouter";
import { useRuns } from "../api/runs";
import { inOrder } from "../hooks/order";
import type { ComparedRun } from "../hooks/use-compared-runs";

/** The chosen runs with the stroke of each, which makes it the legend, too; others can be added. */
export function ComparePicker({
  ids,
  runs,
  onChange,
}: {
  readonly ids: readonly string[];
  readonly runs: readonly ComparedRun[];
  readonly onChange: (ids: readonly string[]) => void;
}) {
  const others = inOrder(useRuns().data ?? []).filter(({ id, progress }) => progress !== null && !ids.includes(id));
  return (
    <div className="flex flex-wrap items-center gap-2">
      <ul aria-label="Compared runs" className="contents">
        {runs.map(({ run, stroke }) => (
          <li
            key={run.id}
            className="flex h-8 max-w-72 items-center gap-2 rounded-md border border-line bg-surface pl-2.5"
          >
            <Swatch line={stroke} />
            <Link href={`/runs/${run.id}`} className="min-w-0 truncate hover:underline">
              {run.name}
            </Link>
            <IconButton
              label={`Leave out ${run.name}`}
              size="sm"
              onClick={() => onChange(ids.filter((id) => id !== run.id))}
            >
              <X size={14} aria-hidden />
            </IconButton>
          </li>
        ))}
      </ul>
      {others.length > 0 && (
        <Select
          aria-label="Add a run"
          className="w-48"
          placeholder="Add a run…"
          value=""
          onChange={(id) => onChange([...ids, id])}
          options={others.map(({ id, name }) => ({ value: id, label: name }))}
        />
      )}
    </div>
  );
}
