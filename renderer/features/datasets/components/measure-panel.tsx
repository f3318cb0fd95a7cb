import { count, percent } from "@renderer/lib/format";
import { Loaded } from "@renderer/ui/loaded";
import { Notice } from "@renderer/ui/notice";
import { Panel, Stat } from "@renderer/ui/panel";
import { Progress } from "@renderer/ui/progress";
import { useQuery } from "@tanstack/react-query";
import { measureQuery } from "../api/datasets";

/** Token counts of the whole dataset for one model. */
export function MeasurePanel({
  datasetId,
  modelId,
  contextLength,
}: {
  readonly datasetId: string;
  readonly modelId: string;
  readonly contextLength: number;
}) {
  const query = useQuery(measureQuery(datasetId, modelId, contextLength));
  return (
    <Panel title="Tokens">
      <Loaded
        query={query}
        waiting={
          <div className="flex flex-col gap-2 py-2">
            <p className="text-ink-soft">Counting tokens…</p>
            <Progress value={null} label="Counting tokens" />
          </div>
        }
      >
        {(measure) => (
          <div className="flex flex-col gap-3">
            <dl className="grid grid-cols-2 gap-4 sm:grid-cols-3 lg:grid-cols-6">
              <Stat name="All tokens" value={count(measure.tokens)} />
              <Stat
                name="Learned tokens"
                value={count(measure.learnedTokens)}
                note={measure.tokens > 0 ? percent(measure.learnedTokens / measure.tokens) : undefined}
              />
              <Stat name="Longest row" value={count(measure.longestRow)} note="tokens" />
              <Stat name="Mean row" value={count(measure.rows > 0 ? measure.tokens / measure.rows : 0)} note="tokens" />
              <Stat name="Rows cut" value={count(measure.rowsCut)} note={`at ${count(contextLength)} tokens`} />
              <Stat name="Rows that teach nothing" value={count(measure.rowsWithoutTarget)} />
            </dl>
            <p className="text-sm text-ink-faint">Template: {measure.template}</p>
            {measure.warnings.map((warning) => (
              <Notice key={warning} tone="warn">
                {warning}
              </Notice>
            ))}
          </div>
        )}
      </Loaded>
    </Panel>
  );
}
