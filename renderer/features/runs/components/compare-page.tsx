import { buttonClass } from "@renderer/ui/button";
import { EmptyState } from "@renderer/ui/empty-state";
import { ErrorPanel } from "@renderer/ui/error-panel";
import { Notice } from "@renderer/ui/notice";
import { Page } from "@renderer/ui/page";
import { GitCompareArrows } from "lucide-react";
import { Link } from "wouter";
import { useComparedIds } from "../hooks/compare-address";
import { useComparedRuns } from "../hooks/use-compared-runs";
import { CompareCharts } from "./compare-charts";
import { ComparePicker } from "./compare-picker";
import { CompareTable } from "./compare-table";
import { EffectPanel } from "./effect-panel";

/** Runs over one another: their curves, their results, and only the settings in which they differ. */
export function ComparePage() {
  const [ids, choose] = useComparedIds();
  const { runs, missing } = useComparedRuns(ids);
  return (
    <Page
      title="Compare runs"
      lead="Every run has its own colour and dash. The address of this page holds the choice."
      back={{ href: "/runs", label: "Runs" }}
      wide
    >
      <div className="flex flex-col gap-3">
        <ComparePicker ids={ids} runs={runs} onChange={choose} />
        {missing > 0 && (
          <Notice title={missing === 1 ? "One run is no longer there" : `${missing} runs are no longer there`}>
            They were removed since this address was made; the others are shown.
          </Notice>
        )}
        {runs.flatMap(({ run, error }) =>
          error ? [<ErrorPanel key={run.id} title={`“${run.name}” could not be read`} error={error} />] : [],
        )}
        {runs.length === 0 ? (
          <EmptyState
            icon={<GitCompareArrows size={22} aria-hidden />}
            title="Nothing to compare yet"
            actions={
              <Link href="/runs" className={buttonClass("primary")}>
                Choose runs
              </Link>
            }
          >
            Tick two or more runs in the list and press Compare, or add them above. You see their curves over one
            another and the settings that made the difference.
          </EmptyState>
        ) : (
          <>
            <CompareCharts runs={runs} />
            <CompareTable runs={runs} />
            <EffectPanel runs={runs} />
          </>
        )}
      </div>
    </Page>
  );
}
