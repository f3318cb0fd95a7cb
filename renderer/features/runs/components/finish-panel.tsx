import { useAdapter, useScoreAdapter, useScoreError, useScoring } from "@renderer/features/adapters/api/adapters";
import { SendButton } from "@renderer/features/phone/components/send-button";
import { count, percent } from "@renderer/lib/format";
import { Button, buttonClass } from "@renderer/ui/button";
import { Digest } from "@renderer/ui/digest";
import { ErrorPanel } from "@renderer/ui/error-panel";
import { Progress } from "@renderer/ui/progress";
import type { AdapterRecord } from "@shared/models/adapter";
import { CircleCheck, MessagesSquare, PackageCheck } from "lucide-react";
import { Link, useLocation } from "wouter";

/** What a finished run leaves, and the next two steps. */
export function FinishPanel({ adapterId, testRows }: { readonly adapterId: string; readonly testRows: number }) {
  const adapter = useAdapter(adapterId);
  const [, go] = useLocation();
  if (!adapter) return null;
  return (
    <section aria-label="Result" className="rounded-lg border border-good/40 bg-good-soft px-4 py-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <CircleCheck size={20} aria-hidden className="shrink-0 text-good" />
        <div className="min-w-0 flex-1">
          <p className="font-semibold">The adapter is ready</p>
          <p className="text-ink-soft">
            <Verdict adapter={adapter} testRows={testRows} /> <Digest hex={adapter.digest} what="adapter's digest" />
          </p>
        </div>
        <div className="flex flex-wrap gap-2">
          {testRows > 0 && <ScoreButton adapter={adapter} />}
          <SendButton adapter={adapter} />
          <Link href={`/export/${adapter.id}`} className={buttonClass()}>
            <PackageCheck size={16} aria-hidden />
            Export
          </Link>
          <Button
            variant="primary"
            icon={<MessagesSquare size={16} aria-hidden />}
            onClick={() => go("/playground", { state: { compare: adapter.id } })}
          >
            Compare base and tuned
          </Button>
        </div>
      </div>
      <ScoreProgress id={adapter.id} />
    </section>
  );
}

function Verdict({ adapter, testRows }: { readonly adapter: AdapterRecord; readonly testRows: number }) {
  const { scoreBefore: before, scoreAfter: after } = adapter;
  if (after) {
    return (
      <span className="num">
        Exact answers on {count(after.rows)} held-out requests: {before ? `${percent(before.exactMatch)} before, ` : ""}
        <strong className="text-ink">{percent(after.exactMatch)} after</strong>.
      </span>
    );
  }
  return (
    <>
      {testRows > 0
        ? "Score it on the held-out requests, or talk to it beside the base model."
        : "Talk to it beside the base model to see what changed."}
    </>
  );
}

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
