import { useAdapters } from "@renderer/features/adapters/api/adapters";
import { useModels } from "@renderer/features/models/api/models";
import { Button, buttonClass } from "@renderer/ui/button";
import { EmptyState } from "@renderer/ui/empty-state";
import { Loaded } from "@renderer/ui/loaded";
import { Page, PageHeading } from "@renderer/ui/page";
import { Select } from "@renderer/ui/select";
import { MessagesSquare, Plus, SlidersHorizontal, Trash2 } from "lucide-react";
import { type ReactNode, useMemo, useState } from "react";
import { Link } from "wouter";
import { Composer } from "./components/composer";
import { PaneHeader } from "./components/pane-header";
import { SetUpPanel } from "./components/set-up-panel";
import { TurnList } from "./components/turn-list";
import { mostPanes } from "./hooks/playground-state";
import { dispatch, newPane, stopAll, usePlayground } from "./hooks/playground-store";
import { compareBaseAndTuned, fits, usePanesSetUp } from "./hooks/use-panes";

export default function PlaygroundRoute() {
  const models = useModels();
  return (
    <Loaded query={models} waiting={<Page title="Playground">{null}</Page>}>
      {(shelf) => (shelf.some((model) => !model.missing) ? <Playground /> : <NoModel />)}
    </Loaded>
  );
}

function NoModel() {
  return (
    <Page title="Playground">
      <EmptyState
        icon={<MessagesSquare size={22} aria-hidden />}
        title="Nobody to talk to yet"
        actions={
          <Link href="/models/add" className={buttonClass("primary")}>
            Add a model
          </Link>
        }
      >
        The playground puts one question to up to four panes at once: a base model, the same model with an adapter, or
        several strengths of it, side by side.
      </EmptyState>
    </Page>
  );
}

function Playground() {
  usePanesSetUp();
  const { panes, turns } = usePlayground();
  const [setUp, setSetUp] = useState(false);
  const columns = useMemo(
    () => ({ gridTemplateColumns: `repeat(${Math.max(1, panes.length)}, minmax(0, 1fr))` }),
    [panes.length],
  );
  const addPane = () => {
    const last = panes.at(-1);
    if (last) dispatch({ type: "panes", panes: [...panes, newPane(last.modelId, last.adapters)] });
  };
  return (
    <PlaygroundFrame
      actions={
        <>
          <CompareSelect />
          <Button icon={<Plus size={16} aria-hidden />} disabled={panes.length >= mostPanes} onClick={addPane}>
            Pane
          </Button>
          <Button
            icon={<SlidersHorizontal size={16} aria-hidden />}
            aria-expanded={setUp}
            onClick={() => setSetUp((open) => !open)}
          >
            Prompt and sampling
          </Button>
          <Button
            variant="ghost"
            icon={<Trash2 size={16} aria-hidden />}
            disabled={turns.length === 0}
            onClick={() => {
              stopAll();
              dispatch({ type: "clear" });
            }}
          >
            Clear
          </Button>
        </>
      }
    >
      {setUp && <SetUpPanel />}
      <div className="min-h-0 flex-1 overflow-auto rounded-t-lg border border-b-0 border-line bg-surface" id="answers">
        <div className="flex min-h-full flex-col" style={{ minWidth: `${panes.length * 15}rem` }}>
          <div className="sticky top-0 z-10 grid border-b border-line bg-surface" style={columns}>
            {panes.map((pane, index) => (
              <PaneHeader key={pane.id} pane={pane} number={index + 1} only={panes.length === 1} />
            ))}
          </div>
          <TurnList columns={columns} />
        </div>
      </div>
      <Composer />
    </PlaygroundFrame>
  );
}

function PlaygroundFrame({ actions, children }: { readonly actions: ReactNode; readonly children: ReactNode }) {
  return (
    <div className="flex h-full min-h-0 flex-col px-6 pt-5 pb-4 max-xl:px-5">
      <Heading actions={actions} />
      {children}
    </div>
  );
}

function Heading({ actions }: { readonly actions: ReactNode }) {
  return (
    <header className="mb-3 flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
      <PageHeading title="Playground" />
      <div className="flex flex-wrap items-center gap-2">{actions}</div>
    </header>
  );
}

function CompareSelect() {
  const models = useModels().data ?? [];
  const adapters = (useAdapters().data ?? []).filter((adapter) => models.some((model) => fits(adapter, model)));
  if (adapters.length === 0) return null;
  return (
    <Select
      aria-label="Compare base and tuned"
      className="w-60 max-xl:w-44"
      value=""
      placeholder="Compare base and tuned…"
      options={adapters.map(({ id, name }) => ({ value: id, label: `Base and ${name}` }))}
      onChange={(id) => {
        const adapter = adapters.find((one) => one.id === id);
        const base = adapter && models.find((model) => fits(adapter, model));
        if (adapter && base) compareBaseAndTuned(adapter, base.id);
      }}
    />
  );
}
