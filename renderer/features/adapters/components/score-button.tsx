import { count } from "@renderer/lib/format";
import { Button } from "@renderer/ui/button";
import { ErrorPanel } from "@renderer/ui/error-panel";
import { Progress } from "@renderer/ui/progress";
import type { AdapterRecord } from "@shared/models/adapter";
import { useScoreAdapter, useScoreError, useScoring } from "../api/adapters";

export function ScoreButton({ adapter }: { readonly adapter: AdapterRecord }) {
  const score = useScoreAdapter(adapter.id);
  const scoring = useScoring(adapter.id);
  return (
    <Button busy={score.isPending || scoring !== null} disabled={adapter.missing} onClick={() => score.mutate()}>
      {adapter.scoreAfter ? "Score again" : "Score now"}
    </Button>
  );
}

export function ScoreProgress({ id }: { readonly id: string }) {
  const scoring = useScoring(id);
  const error = useScoreError(id);
  if (scoring) {
    return (
      <div className="num mt-3 flex items-center gap-3 text-sm text-ink-soft" role="status">
        <Progress
          className="max-w-xs"
          value={scoring.total > 0 ? scoring.done / scoring.total : null}
          label="Scoring"
        />
        {scoring.total > 0 ? `${count(scoring.done)} of ${count(scoring.total)} answers` : "Starting"}
      </div>
    );
  }
  return error ? (
    <div className="mt-3">
      <ErrorPanel title="Scoring did not finish" error={error} />
    </div>
  ) : null;
}
