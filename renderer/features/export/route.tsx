import { Redirect, Route, Switch } from "wouter";
import { AdapterPage } from "./components/adapter-page";
import { AdaptersPage } from "./components/adapters-page";

export default function ExportRoute() {
  return (
    <Switch>
      <Route path="/export">{() => <AdaptersPage />}</Route>
      <Route path="/export/:id">{({ id }) => <AdapterPage key={id} id={decodeURIComponent(id)} />}</Route>
      <Route>
        <Redirect to="/export" replace />
      </Route>
    </Switch>
  );
}
