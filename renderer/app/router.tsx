import { Button } from "@renderer/ui/button";
import { EmptyState } from "@renderer/ui/empty-state";
import { Page } from "@renderer/ui/page";
import { Skeleton } from "@renderer/ui/skeleton";
import { Compass } from "lucide-react";
import { lazy, Suspense } from "react";
import { Route, Switch, useLocation } from "wouter";

const Home = lazy(() => import("@renderer/features/home/route"));
const Models = lazy(() => import("@renderer/features/models/route"));
const Datasets = lazy(() => import("@renderer/features/datasets/route"));
const Runs = lazy(() => import("@renderer/features/runs/route"));
const Playground = lazy(() => import("@renderer/features/playground/route"));
const Export = lazy(() => import("@renderer/features/export/route"));
const Settings = lazy(() => import("@renderer/features/settings/route"));

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
