import { useAdapters } from "@renderer/features/adapters/api/adapters";
import { useModels } from "@renderer/features/models/api/models";
import { useRuns } from "@renderer/features/runs/api/runs";
import { count, digest } from "@renderer/lib/format";
import { IconButton } from "@renderer/ui/button";
import { NumberInput } from "@renderer/ui/number-input";
import { Select } from "@renderer/ui/select";
import { Slider } from "@renderer/ui/slider";
import { X } from "lucide-react";
import { type Active, keyOf, type Pane } from "../hooks/playground-state";
import { dispatch, usePlayground } from "../hooks/playground-store";
import { fits } from "../hooks/use-panes";

const mostAdapters = 8;

/** Who answers in this column: a model and any adapters, each with its strength. */
export function PaneHeader({
  pane,
  number,
  only,
}: {
  readonly pane: Pane;
  readonly number: number;
  readonly only: boolean;
}) {
  const { panes } = usePlayground();
  const models = (useModels().data ?? []).filter((model) => !model.missing);
  const adapters = useAdapters().data ?? [];
  const runs = useRuns().data ?? [];
  const model = models.find(({ id }) => id === pane.modelId);
  const free = adapters.filter(
    (adapter) => model && fits(adapter, model) && !pane.adapters.some((active) => keyOf(active) === adapter.id),
  );
  const change = (next: Partial<Pane>) => dispatch({ type: "pane", pane: { ...pane, ...next } });
  const setStrength = (key: string, strength: number) =>
    change({ adapters: pane.adapters.map((one) => (keyOf(one) === key ? { ...one, strength } : one)) });
  return (
    <section
      aria-label={`Pane ${number}`}
      className="flex min-w-0 flex-col gap-2 border-l border-line px-3 py-2.5 first:border-l-0"
    >
      <div className="flex max-w-2xl items-center gap-1.5">
        <Select
          aria-label={`Model of pane ${number}`}
          value={pane.modelId}
          onChange={(modelId) => change({ modelId, adapters: [] })}
          options={models.map(({ id, info }) => ({ value: id, label: info.name }))}
        />
        {!only && (
          <IconButton
            label={`Close pane ${number}`}
            onClick={() => dispatch({ type: "panes", panes: panes.filter(({ id }) => id !== pane.id) })}
          >
            <X size={16} aria-hidden />
          </IconButton>
        )}
      </div>
      {pane.adapters.map((active) => {
        const key = keyOf(active);
        const adapter = adapters.find(({ id }) => id === key);
        const name =
          "runId" in active
            ? `Step ${count(active.step)} of ${runs.find(({ id }) => id === active.runId)?.name ?? "a run"}`
            : (adapter?.name ?? "adapter");
        return (
          <AdapterRow
            key={key}
            active={active}
            name={name}
            digest={adapter ? digest(adapter.digest) : ""}
            onStrength={(strength) => setStrength(key, strength)}
            onRemove={() => change({ adapters: pane.adapters.filter((one) => keyOf(one) !== key) })}
          />
        );
      })}
      {free.length > 0 && pane.adapters.length < mostAdapters ? (
        <Select
          className="w-full max-w-2xl"
          aria-label={`Add an adapter to pane ${number}`}
          value=""
          placeholder={pane.adapters.length === 0 ? "No adapter; add one…" : "Add another adapter…"}
          options={free.map(({ id, name }) => ({ value: id, label: name }))}
          onChange={(adapterId) => change({ adapters: [...pane.adapters, { adapterId, strength: 1 }] })}
        />
      ) : (
        pane.adapters.length === 0 && (
          <p className="flex h-8 items-center text-sm text-ink-faint">No adapter fits this model yet</p>
        )
      )}
    </section>
  );
}

function AdapterRow({
  active,
  name,
  digest: short,
  onStrength,
  onRemove,
}: {
  readonly active: Active;
  readonly name: string;
  readonly digest: string;
  readonly onStrength: (strength: number) => void;
  readonly onRemove: () => void;
}) {
  return (
    <div className="max-w-2xl rounded-md bg-sunken px-2 pt-1 pb-1.5">
      <div className="flex items-center gap-1.5">
        <span className="min-w-0 flex-1 truncate text-sm font-medium" title={`${name} ${short}`}>
          {name}
        </span>
        <span className="font-mono text-xs text-ink-faint max-xl:hidden">{short}</span>
        <IconButton label={`Take ${name} out`} size="sm" onClick={onRemove}>
          <X size={14} aria-hidden />
        </IconButton>
      </div>
      <div className="flex items-center gap-2">
        <Slider
          label={`Strength of ${name}`}
          value={active.strength}
          min={-1}
          max={2}
          step={0.05}
          onChange={onStrength}
        />
        <NumberInput
          aria-label={`Strength of ${name} in numbers, −4 to 4`}
          className="h-7! w-14! shrink-0 px-1.5! text-right text-sm"
          value={active.strength}
          step={0.05}
          onChange={(value) => !Number.isNaN(value) && onStrength(Math.min(4, Math.max(-4, value)))}
        />
      </div>
    </div>
  );
}
