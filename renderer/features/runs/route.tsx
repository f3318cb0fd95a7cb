import { lazy } from "react";
import { Redirect, Route, Switch } from "wouter";
import { NewRunPage } from "./components/new-run-page";
import { RunsPage } from "./components/runs-page";

/** The charts come with the page that draws them. */
const RunPage = lazy(() => import("./components/run-page").then((page) => ({ default: page.RunPage })));

const ComparePage = lazy(() => import("./components/compare-page").then((page) => ({ default: page.ComparePage })));

export default function RunsRoute() {
  return (
    <Switch>
      <Route path="/runs">{() => <RunsPage />}</Route>
      <Route path="/runs/new">{() => <NewRunPage />}</Route>
      <Route path="/runs/compare">{() => <ComparePage />}</Route>
      <Route path="/runs/:id">{({ id }) => <RunPage key={id} id={decodeURIComponent(id)} />}</Route>
      <Route>
        <Redirect to="/runs" replace />
      </Route>
    </Switch>
  );
}
