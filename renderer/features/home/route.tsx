import { useAdapters } from "@renderer/features/adapters/api/adapters";
import { useDatasets } from "@renderer/features/datasets/api/datasets";
import { hasExported } from "@renderer/features/export/api/exports";
import { useModels } from "@renderer/features/models/api/models";
import { hasCompared } from "@renderer/features/playground/hooks/use-panes";
import { useRuns } from "@renderer/features/runs/api/runs";
import { RunsTable } from "@renderer/features/runs/components/runs-page";
import { inOrder } from "@renderer/features/runs/hooks/order";
import { Button, buttonClass } from "@renderer/ui/button";
import { ErrorPanel } from "@renderer/ui/error-panel";
import { Page } from "@renderer/ui/page";
import { Skeleton } from "@renderer/ui/skeleton";
import { Play } from "lucide-react";
import { Link } from "wouter";
import { Guide } from "./components/guide";
import { NowRunning } from "./components/now-running";
import { SystemLine } from "./components/system-line";
import { guide } from "./hooks/first-run";

export default function HomeRoute() {
  const models = useModels();
  const datasets = useDatasets();
  const runs = useRuns();
  const adapters = useAdapters();
  const queries = [models, datasets, runs, adapters];
  const failed = queries.find((query) => query.isError && query.data === undefined);
  const steps =
    models.data && datasets.data && runs.data && adapters.data
      ? guide({
          models: models.data,
          datasets: datasets.data,
          runs: runs.data,
          adapters: adapters.data,
          compared: hasCompared(),
          exported: hasExported(),
        })
      : null;
  const finished = steps?.every((step) => step.state === "done") ?? false;
  const running = runs.data?.find((run) => run.state === "running");
  const latestAdapter = adapters.data?.[0];
  return (
    <Page
      title="Home"
      lead="Teach a small model new behaviour on this machine, and see that it really learned it."
      actions={
        <Link href="/runs/new" className={buttonClass("primary")}>
          <Play size={16} aria-hidden />
          New run
        </Link>
      }
    >
      <div className="flex flex-col gap-4">
        <SystemLine />
        {failed && (
          <ErrorPanel
            error={failed.error}
            actions={
              <Button size="sm" onClick={() => void Promise.all(queries.map((query) => query.refetch()))}>
                Try again
              </Button>
            }
          />
        )}
        {running && <NowRunning run={running} />}
        {!steps && !failed && <Skeleton rows={2} height="h-32" />}
        {steps && (
          <Guide
            steps={steps}
            finished={finished}
            adapterId={latestAdapter?.id ?? null}
            running={running !== undefined}
          />
        )}
        {runs.data && runs.data.length > 0 && (
          <section aria-labelledby="latest">
            <div className="mb-2 flex items-baseline justify-between">
              <h2 id="latest" className="font-semibold">
                Latest runs
              </h2>
              <Link href="/runs" className="rounded text-sm text-ink-faint hover:text-ink">
                All runs
              </Link>
            </div>
            <RunsTable runs={inOrder(runs.data).slice(0, 5)} />
          </section>
        )}
      </div>
    </Page>
  );
}
