import { bytes, count, duration, short, speed } from "@renderer/lib/format";
import { Button } from "@renderer/ui/button";
import { ErrorPanel } from "@renderer/ui/error-panel";
import { Notice } from "@renderer/ui/notice";
import { Panel, Stat } from "@renderer/ui/panel";
import { Progress } from "@renderer/ui/progress";
import { Spinner } from "@renderer/ui/spinner";
import type { Forecast } from "@shared/models/recipe";
import { clsx } from "clsx";
import type { RunForm } from "../hooks/use-run-form";

/** What the run will cost, before it starts. */
export function ForecastPanel({ form }: { readonly form: RunForm }) {
  const { data, measuring, stale, error, retry } = form.forecast;
  if (error) {
    return (
      <ErrorPanel
        title="Hone could not work out the cost"
        error={error}
        actions={
          <Button size="sm" onClick={retry}>
            Try again
          </Button>
        }
      />
    );
  }
  return (
    <Panel
      title="What it will take"
      actions={
        measuring && (
          <span className="flex items-center gap-1.5 text-sm text-ink-faint" role="status">
            <Spinner size={13} /> measuring speed
          </span>
        )
      }
    >
      {data ? (
        <div className={clsx("flex flex-col gap-3", stale && "opacity-60")}>
          <Costs forecast={data} measuring={measuring} />
          {data.warnings.map((warning) => (
            <Notice key={warning} tone="warn">
              {warning}
            </Notice>
          ))}
        </div>
      ) : (
        <Progress value={null} label="Working out the cost" className="my-3" />
      )}
      {data?.refusal && !stale && (
        <div className="mt-3">
          <ErrorPanel
            title="This run cannot start"
            error={data.refusal}
            actions={<WaysOut form={form} refusal={data.refusal} />}
          />
        </div>
      )}
    </Panel>
  );
}

function Costs({ forecast, measuring }: { readonly forecast: Forecast; readonly measuring: boolean }) {
  const share = forecast.availableBytes > 0 ? forecast.peakBytes / forecast.availableBytes : 1;
  return (
    <>
      <dl className="grid grid-cols-2 gap-x-4 gap-y-3 sm:grid-cols-4">
        <Stat
          name="Time"
          value={forecast.seconds !== null ? `about ${duration(forecast.seconds)}` : measuring ? "…" : "not known"}
          note={forecast.tokensPerSecond !== null ? speed(forecast.tokensPerSecond) : undefined}
        />
        <Stat name="Memory" value={bytes(forecast.peakBytes)} note={`of ${bytes(forecast.availableBytes)} free`} />
        <Stat name="Steps" value={count(forecast.steps)} note={`${count(forecast.tokensPerStep)} tokens each`} />
        <Stat name="Adapter" value={short(forecast.trainableParameters)} note="numbers to learn" />
      </dl>
      <div
        role="img"
        aria-label={`Memory: ${bytes(forecast.peakBytes)} of ${bytes(forecast.availableBytes)} free`}
        className="h-1.5 overflow-hidden rounded-full bg-line"
      >
        <div
          className={clsx("h-full rounded-full", share > 1 ? "bg-bad" : share > 0.8 ? "bg-warn" : "bg-accent")}
          style={{ width: `${Math.min(100, share * 100)}%` }}
        />
      </div>
    </>
  );
}

/** The levers that get a run within the machine, nearest first. */
function WaysOut({ form, refusal }: { readonly form: RunForm; readonly refusal: { readonly code: string } }) {
  const recipe = form.recipe;
  if (!recipe || !/memory/.test(refusal.code)) return null;
  return (
    <>
      {!recipe.activationCheckpointing && (
        <Button size="sm" onClick={() => form.change({ activationCheckpointing: true })}>
          Save memory, a third slower
        </Button>
      )}
      {recipe.accumulation < recipe.batchSize && (
        <Button
          size="sm"
          onClick={() => form.change({ accumulation: Math.min(recipe.batchSize, recipe.accumulation * 2) })}
        >
          Compute the batch in {Math.min(recipe.batchSize, recipe.accumulation * 2)} parts
        </Button>
      )}
      {recipe.contextLength >= 128 && (
        <Button size="sm" onClick={() => form.change({ contextLength: Math.floor(recipe.contextLength / 2) })}>
          Context {count(Math.floor(recipe.contextLength / 2))}
        </Button>
      )}
    </>
  );
}
