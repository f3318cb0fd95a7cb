import { useAdapters } from "@renderer/features/adapters/api/adapters";
import { useDatasets } from "@renderer/features/datasets/api/datasets";
import { useModels } from "@renderer/features/models/api/models";
import { useRuns } from "@renderer/features/runs/api/runs";
import { useChangeSettings } from "@renderer/features/settings/api/settings";
import { places } from "@renderer/lib/places";
import { Kbd } from "@renderer/ui/kbd";
import { Command } from "cmdk";
import {
  Boxes,
  FileText,
  FlaskConical,
  Keyboard,
  ListChecks,
  MoonStar,
  PackageCheck,
  Play,
  TrendingDown,
} from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { useLocation } from "wouter";

const groupClass =
  "[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-ink-faint";

export function CommandPalette({
  open,
  onOpenChange,
  showShortcuts,
}: {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly showShortcuts: () => void;
}) {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-veil" />
        <Radix.Content
          aria-describedby={undefined}
          className="appear fixed top-[12vh] left-1/2 z-50 w-[calc(100vw-3rem)] max-w-xl -translate-x-1/2 overflow-hidden rounded-lg border border-line bg-raised shadow-pop outline-none"
        >
          <Radix.Title className="sr-only">Command palette</Radix.Title>
          <Palette close={() => onOpenChange(false)} showShortcuts={showShortcuts} />
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** Every typed word must occur; what begins with the words comes first. */
function matches(value: string, search: string): number {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const text = value.toLowerCase();
  if (!words.every((word) => text.includes(word))) return 0;
  return words.every((word) => text.split(/\s+/).some((part) => part.startsWith(word))) ? 1 : 0.5;
}

function Palette({ close, showShortcuts }: { readonly close: () => void; readonly showShortcuts: () => void }) {
  const [, go] = useLocation();
  const settings = useChangeSettings();
  const runs = useRuns().data ?? [];
  const models = useModels().data ?? [];
  const datasets = useDatasets().data ?? [];
  const adapters = useAdapters().data ?? [];
  const then = (act: () => void) => () => {
    close();
    act();
  };
  const to = (href: string) => then(() => go(href));
  return (
    <Command label="Command palette" loop filter={matches}>
      <Command.Input
        autoFocus
        placeholder="Go to a page, a run, a model, or do something…"
        className="h-12 w-full border-b border-line bg-transparent px-4 text-md outline-none placeholder:text-ink-faint"
      />
      <Command.List className="max-h-[50vh] overflow-y-auto p-1.5">
        <Command.Empty className="px-3 py-6 text-center text-ink-faint">Nothing goes by that name.</Command.Empty>
        <Command.Group heading="Do" className={groupClass}>
          <Item value="new run train tune" icon={<Play size={16} />} keys="n" onSelect={to("/runs/new")}>
            New run
          </Item>
          <Item value="add model gguf" icon={<Boxes size={16} />} onSelect={to("/models/add")}>
            Add a model
          </Item>
          <Item
            value="what works support architectures types merge export table"
            icon={<ListChecks size={16} />}
            onSelect={to("/models/support")}
          >
            See what works with which model
          </Item>
          <Item value="import dataset examples" icon={<FileText size={16} />} onSelect={to("/datasets/import")}>
            Import a dataset
          </Item>
          <Item
            value="theme dark light system"
            icon={<MoonStar size={16} />}
            onSelect={then(() => {
              const dark =
                getComputedStyle(document.documentElement).colorScheme === "dark" ||
                (!document.documentElement.dataset.theme && matchMedia("(prefers-color-scheme: dark)").matches);
              settings.mutate({ theme: dark ? "light" : "dark" });
            })}
          >
            Switch between light and dark
          </Item>
          <Item value="keyboard shortcuts help" icon={<Keyboard size={16} />} keys="?" onSelect={then(showShortcuts)}>
            Keyboard shortcuts
          </Item>
        </Command.Group>
        <Command.Group heading="Pages" className={groupClass}>
          {places.map(({ href, name, icon: Icon, keys, words }) => (
            <Item key={href} value={`page ${name} ${words}`} icon={<Icon size={16} />} keys={keys} onSelect={to(href)}>
              {name}
            </Item>
          ))}
        </Command.Group>
        {runs.length > 0 && (
          <Command.Group heading="Runs" className={groupClass}>
            {runs.map((run) => (
              <Item
                key={run.id}
                value={`run ${run.name} ${run.id}`}
                icon={<TrendingDown size={16} />}
                note={run.state}
                onSelect={to(`/runs/${run.id}`)}
              >
                {run.name}
              </Item>
            ))}
          </Command.Group>
        )}
        {adapters.length > 0 && (
          <Command.Group heading="Adapters" className={groupClass}>
            {adapters.flatMap((adapter) => [
              <Item
                key={adapter.id}
                value={`export adapter ${adapter.name} ${adapter.id}`}
                icon={<PackageCheck size={16} />}
                onSelect={to(`/export/${adapter.id}`)}
              >
                {adapter.name}
              </Item>,
              <Item
                key={`${adapter.id} compare`}
                value={`compare ${adapter.name} ${adapter.id} playground`}
                icon={<FlaskConical size={16} />}
                onSelect={then(() => go("/playground", { state: { compare: adapter.id } }))}
              >
                Compare base and {adapter.name}
              </Item>,
            ])}
          </Command.Group>
        )}
        {models.length + datasets.length > 0 && (
          <Command.Group heading="Models and datasets" className={groupClass}>
            {models.map((model) => (
              <Item
                key={model.id}
                value={`model ${model.info.name} ${model.id}`}
                icon={<Boxes size={16} />}
                onSelect={to(`/models/${model.id}`)}
              >
                {model.info.name}
              </Item>
            ))}
            {datasets.map((dataset) => (
              <Item
                key={dataset.id}
                value={`dataset ${dataset.name} ${dataset.id}`}
                icon={<FileText size={16} />}
                onSelect={to(`/datasets/${dataset.id}`)}
              >
                {dataset.name}
              </Item>
            ))}
          </Command.Group>
        )}
      </Command.List>
    </Command>
  );
}

function Item({
  value,
  icon,
  keys,
  note,
  onSelect,
  children,
}: {
  readonly value: string;
  readonly icon: ReactNode;
  readonly keys?: string;
  readonly note?: string;
  readonly onSelect: () => void;
  readonly children: ReactNode;
}) {
  return (
    <Command.Item
      value={value}
      onSelect={onSelect}
      className="flex h-9 cursor-default items-center gap-2.5 rounded-md px-2.5 data-[selected=true]:bg-accent-soft [&_svg]:shrink-0 [&_svg]:text-ink-faint"
    >
      {icon}
      <span className="min-w-0 flex-1 truncate">{children}</span>
      {note && <span className="text-xs text-ink-faint">{note}</span>}
      {keys && <Kbd keys={keys} />}
    </Command.Item>
  );
}
