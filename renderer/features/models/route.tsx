import { Redirect, Route, Switch } from "wouter";
import { ModelPage } from "./components/model-page";
import { ModelsPage } from "./components/models-page";
import { SupportPage } from "./components/support-page";

export default function ModelsRoute() {
  return (
    <Switch>
      <Route path="/models">{() => <ModelsPage />}</Route>
      <Route path="/models/add">{() => <ModelsPage adding />}</Route>
      <Route path="/models/support">{() => <SupportPage />}</Route>
      <Route path="/models/:id">{({ id }) => <ModelPage key={id} id={decodeURIComponent(id)} />}</Route>
      <Route>
        <Redirect to="/models" replace />
      </Route>
    </Switch>
  );
}
