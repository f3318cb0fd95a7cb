import { Redirect, Route, Switch } from "wouter";
import { DatasetPage } from "./components/dataset-page";
import { DatasetsPage } from "./components/datasets-page";
import { ImportPage } from "./components/import-page";

export default function DatasetsRoute() {
  return (
    <Switch>
      <Route path="/datasets">{() => <DatasetsPage />}</Route>
      <Route path="/datasets/import">{() => <ImportPage />}</Route>
      <Route path="/datasets/:id">{({ id }) => <DatasetPage key={id} id={decodeURIComponent(id)} />}</Route>
      <Route>
        <Redirect to="/datasets" replace />
      </Route>
    </Switch>
  );
}
