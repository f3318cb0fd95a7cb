import { useDataset } from "@renderer/features/datasets/api/datasets";
import { useModel } from "@renderer/features/models/api/models";
import { bytes, count, duration, loss, speed } from "@renderer/lib/format";
import { buttonClass } from "@renderer/ui/button";
import { ErrorPanel } from "@renderer/ui/error-panel";
import { Loaded } from "@renderer/ui/loaded";
import { Notice } from "@renderer/ui/notice";
import { Page } from "@renderer/ui/page";
import { Panel, Stat } from "@renderer/ui/panel";
import { Progress } from "@renderer/ui/progress";
import { Skeleton } from "@renderer/ui/skeleton";
import { Tabs } from "@renderer/ui/tabs";
import { describeHolds } from "@shared/models/queue-words";
import type { RunHistory, RunProgress, RunRecord } from "@shared/models/run";
import { useQuery } from "@tanstack/react-query";
import { Link, useLocation } from "wouter";
import { historyQuery, runQuery, useQueue, useRuns } from "../api/runs";
import { placeInQueue } from "../hooks/order";
import { Checkpoints } from "./checkpoints";
import { ExactResume } from "./exact-resume";
import { FinishPanel } from "./finish-panel";
import { RecipeFacts } from "./recipe-facts";
import { ContinueButton, ContinueOnCpuButton, RunActions } from "./run-actions";
import { RunCharts } from "./run-charts";
import { RunDoctor } from "./run-doctor";
import { RunLog } from "./run-log";
import { RunMenu } from "./run-menu";
import { RunNotes } from "./run-notes";
import { RunStateBadge } from "./run-state-badge";
import { Samples } from "./samples";

const back = { href: "/runs", label: "Runs" };

export function RunPage({ id }: { readonly id: string }) {
  const query = useQuery(runQuery(id));
  if (query.data) return <RunView run={query.data} />;
  return (
    <Page title="Run" back={back}>
      {query.isError ? (
        <ErrorPanel
          error={query.error}
          actions={
            <Link href="/runs" className={buttonClass("default", "sm")}>
              See all runs
            </Link>
          }
        />
      ) : (
        <Skeleton rows={4} height="h-20" />
      )}
    </Page>
  );
}

function RunView({ run }: { readonly run: RunRecord }) {
  const [, go] = useLocation();
  const history = useQuery(historyQuery(run.id));
  const model = useModel(run.modelId);
  const dataset = useDataset(run.datasetId);
  const share = run.progress && run.progress.totalSteps > 0 ? run.progress.step / run.progress.totalSteps : null;
  const inTab = run.state === "running" && share !== null ? `${Math.floor(share * 100)} % · ${run.name}` : run.name;
  return (
    <Page
      title={run.name}
      browserTitle={inTab}
      back={back}
      badge={<RunStateBadge state={run.state} />}
      lead={`${model?.info.name ?? "removed model"} learns ${dataset?.name ?? "a removed dataset"}`}
      wide
      actions={
        <>
          <RunActions run={run} />
          <RunMenu run={run} onRemoved={() => go("/runs")} />
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <StateNotice run={run} />
        {run.state === "done" && run.adapterId && <FinishPanel adapterId={run.adapterId} />}
        <ProgressPanel run={run} />
        <RunDoctor run={run} />
        <Loaded query={history} waiting={<Skeleton rows={2} height="h-40" />}>
          {(data) => <HistoryView run={run} history={data} />}
        </Loaded>
      </div>
    </Page>
  );
}

function StateNotice({ run }: { readonly run: RunRecord }) {
  const place = placeInQueue(useRuns().data ?? [], run.id);
  const queue = useQueue().data;
  if (run.error) {
    return (
      <ErrorPanel
        title="The run stopped"
        error={run.error}
        actions={
          <>
            <ContinueButton run={run} size="sm" />
            <ContinueOnCpuButton run={run} size="sm" />
          </>
        }
      />
    );
  }
  if (run.state === "queued" && queue && queue.holds.length > 0) {
    return (
      <Notice title="Waiting">{describeHolds(queue.holds)} It goes on by itself, exactly where it stopped.</Notice>
    );
  }
  if (run.state === "queued" && queue?.held) {
    return (
      <Notice tone="warn" title="The queue is held">
        It begins when you let the queue go on, under Runs.
      </Notice>
    );
  }
  if (run.state === "queued") {
    return (
      <Notice title={place === 1 ? "Next in the queue" : place ? `${place - 1} in the queue before it` : "Waiting"}>
        It starts by itself when the run before it ends, however that one ends.
      </Notice>
    );
  }
  if (run.state === "paused") {
    return <Notice title="Paused">Its state is safe on disk. It goes on exactly where it stopped.</Notice>;
  }
  return null;
}

const phases: Record<RunProgress["phase"], string> = {
  preparing: "Reading the data",
  training: "Training",
  validating: "Validating",
  sampling: "Writing sample answers",
  saving: "Saving",
};

function ProgressPanel({ run }: { readonly run: RunRecord }) {
  const progress = run.progress;
  const running = run.state === "running";
  if (!progress) {
    if (!running) return null;
    return (
      <Panel>
        <p className="mb-2" role="status">
          Starting the engine…
        </p>
        <Progress value={null} label="Starting" />
      </Panel>
    );
  }
  const share = progress.totalSteps > 0 ? progress.step / progress.totalSteps : null;
  const remaining = progress.remainingSeconds;
  return (
    <Panel>
      <Progress
        value={running && progress.phase === "preparing" ? null : share}
        label={`Progress of ${run.name}`}
        className="mb-3.5 h-2!"
      />
      <dl className="grid grid-cols-3 gap-x-4 gap-y-3 xl:grid-cols-6">
        <Stat
          name="Step"
          value={`${count(progress.step)} of ${count(progress.totalSteps)}`}
          note={running ? phases[progress.phase] : undefined}
        />
        <Stat
          name={running ? "Time left" : "Time"}
          value={running ? (remaining === null ? "…" : duration(remaining)) : duration(progress.elapsedSeconds)}
          note={running ? `${duration(progress.elapsedSeconds)} so far` : undefined}
        />
        <Stat name="Training loss" value={loss(progress.trainLoss)} />
        <Stat name="Validation loss" value={loss(progress.validationLoss)} />
        <Stat name="Speed" value={speed(progress.tokensPerSecond)} />
        <Stat name="Memory" value={bytes(progress.memoryBytes)} note={running ? "in use" : "at the end"} />
      </dl>
    </Panel>
  );
}

function HistoryView({ run, history }: { readonly run: RunRecord; readonly history: RunHistory }) {
  const trouble = history.log.filter((line) => line.level !== "info").length;
  return (
    <>
      <RunCharts runId={run.id} name={run.name} metrics={history.metrics} />
      <Tabs
        label="About this run"
        tabs={[
          { id: "samples", label: "Sample answers", content: <Samples samples={history.samples} /> },
          { id: "checkpoints", label: "Checkpoints", content: <Checkpoints run={run} /> },
          { id: "resume", label: "Exact resume", content: <ExactResume run={run} /> },
          {
            id: "log",
            label: trouble > 0 ? `Log (${trouble} to look at)` : "Log",
            content: <RunLog log={history.log} />,
          },
          {
            id: "settings",
            label: "Settings",
            content: (
              <RecipeFacts modelId={run.modelId} datasetId={run.datasetId} goal={run.goal} recipe={run.recipe} />
            ),
          },
          { id: "note", label: run.note ? "Note •" : "Note", content: <RunNotes run={run} /> },
        ]}
      />
    </>
  );
}
