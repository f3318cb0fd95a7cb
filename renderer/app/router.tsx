import { Button } from "@renderer/ui/button";
import { EmptyState } from "@renderer/ui/empty-state";
import { Page } from "@renderer/ui/page";
import { Skeleton } from "@renderer/ui/skeleton";
import { Compass } from "lucide-react";
import { lazy, Suspense } from "react";
import { Route, Switch, useLocation } from "wouter";

const pages = {
  home: () => import("@renderer/features/home/route"),
  models: () => import("@renderer/features/models/route"),
  datasets: () => import("@renderer/features/datasets/route"),
  runs: () => import("@renderer/features/runs/route"),
  run: () => import("@renderer/features/runs/components/run-page"),
  compare: () => import("@renderer/features/runs/components/compare-page"),
  playground: () => import("@renderer/features/playground/route"),
  export: () => import("@renderer/features/export/route"),
  settings: () => import("@renderer/features/settings/route"),
};

const Home = lazy(pages.home);
const Models = lazy(pages.models);
const Datasets = lazy(pages.datasets);
const Runs = lazy(pages.runs);
const Playground = lazy(pages.playground);
const Export = lazy(pages.export);
const Settings = lazy(pages.settings);

/** Fetches every page once the first one stands, so that each opens at once, even while the connection is lost. */
export function fetchPages(): void {
  setTimeout(() => {
    for (const fetchPage of Object.values(pages)) void fetchPage().catch(() => undefined);
  }, 1500);
}

export function Routes() {
  return (
    <Suspense
      fallback={
        <div className="p-6">
          <Skeleton rows={4} height="h-16" />
        </div>
      }
    >
      <Switch>
        <Route path="/" component={Home} />
        <Route path="/models/*?" component={Models} />
        <Route path="/datasets/*?" component={Datasets} />
        <Route path="/runs/*?" component={Runs} />
        <Route path="/playground" component={Playground} />
        <Route path="/export/*?" component={Export} />
        <Route path="/settings" component={Settings} />
        <Route component={NowhereElse} />
      </Switch>
    </Suspense>
  );
}

function NowhereElse() {
  const [, go] = useLocation();
  return (
    <Page title="Nothing here">
      <EmptyState
        icon={<Compass size={22} aria-hidden />}
        title="This address leads nowhere"
        actions={
          <Button variant="primary" onClick={() => go("/")}>
            Go home
          </Button>
        }
      >
        The page may have been removed, or the address was cut when it was copied.
      </EmptyState>
    </Page>
  );
}
