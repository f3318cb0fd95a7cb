import { kindOptions } from "@renderer/features/adapters/hooks/helped";
import { mainTypes } from "@renderer/features/models/main-types";
import { bytes, count, counted, short } from "@renderer/lib/format";
import { Button, buttonClass } from "@renderer/ui/button";
import { type Choice, ChoiceCards } from "@renderer/ui/choice-cards";
import { Disclosure } from "@renderer/ui/disclosure";
import { ErrorPanel } from "@renderer/ui/error-panel";
import { Field, Input } from "@renderer/ui/field";
import { Loaded } from "@renderer/ui/loaded";
import { Notice } from "@renderer/ui/notice";
import { Page } from "@renderer/ui/page";
import { Select } from "@renderer/ui/select";
import { Skeleton } from "@renderer/ui/skeleton";
import { goals } from "@shared/models/recipe";
import type { ScoreKind } from "@shared/models/score";
import { Play, Plus } from "lucide-react";
import { type ReactNode, useMemo, useState } from "react";
import { Link, useLocation } from "wouter";
import { useStartRun } from "../api/plan";
import { useRuns } from "../api/runs";
import { useStartSweep } from "../api/sweeps";
import { readSweep, type SweepTexts } from "../hooks/sweep-values";
import { type RunForm, useRunForm } from "../hooks/use-run-form";
import { ForecastPanel } from "./forecast-panel";
import { goalNames, goalTexts } from "./goal-names";
import { RecipeForm } from "./recipe-form";
import { SweepForm } from "./sweep-form";

/** Three choices and a button; the rest is folded away. */
export function NewRunPage() {
  const form = useRunForm();
  const [, go] = useLocation();
  const [name, setName] = useState("");
  const [scoreBy, setScoreBy] = useState<ScoreKind | "guess">("guess");
  const [texts, setTexts] = useState<SweepTexts>({});
  const sweep = useMemo(() => readSweep(texts), [texts]);
  const start = useStartRun();
  const startSweep = useStartSweep();
  const ahead = useRuns().data?.filter((run) => run.state === "running" || run.state === "queued").length ?? 0;
  const refused = form.forecast.data?.refusal != null && !form.forecast.stale;
  const sweepIsWrong = Object.keys(sweep.errors).length > 0 || sweep.error !== null;
  const press = () => {
    if (!form.plan) return;
    const plan = {
      ...form.plan,
      name: name.trim() || undefined,
      ...(scoreBy === "guess" ? {} : { scoreBy }),
    };
    if (sweep.grid) startSweep.mutate({ ...plan, grid: sweep.grid }, { onSuccess: () => go("/runs") });
    else start.mutate(plan, { onSuccess: (run) => go(`/runs/${run.id}`) });
  };
  return (
    <Page
      title="New run"
      back={{ href: "/runs", label: "Runs" }}
      lead="Choose a model, the examples, and what you want from them."
    >
      <div className="flex flex-col gap-5">
        <Step number={1} title="Model" add={{ href: "/models/add", label: "Add a model" }}>
          <Loaded query={form.models} waiting={<Skeleton rows={1} height="h-16" />}>
            {() => <ModelChoice form={form} />}
          </Loaded>
        </Step>
        <Step number={2} title="Dataset" add={{ href: "/datasets/import", label: "Import a dataset" }}>
          <Loaded query={form.datasets} waiting={<Skeleton rows={1} height="h-16" />}>
            {(datasets) =>
              datasets.length === 0 ? (
                <Notice
                  title="No dataset yet"
                  actions={
                    <Link href="/datasets/import" className={buttonClass()}>
                      Import a file…
                    </Link>
                  }
                >
                  Examples of how the model should answer, as JSONL, CSV or text.
                </Notice>
              ) : (
                <ChoiceCards
                  label="Dataset"
                  columns="sm:grid-cols-2 xl:grid-cols-3"
                  value={form.datasetId}
                  onChange={form.setDataset}
                  choices={datasets.map(({ id, name: title, rows, testRows }) => ({
                    value: id,
                    title,
                    text: `${counted(rows, "row")}${testRows > 0 ? `, ${testRows} held out` : ""}`,
                  }))}
                />
              )
            }
          </Loaded>
        </Step>
        <Step number={3} title="What should it learn?">
          <ChoiceCards
            label="Goal"
            columns="sm:grid-cols-2 xl:grid-cols-4"
            value={form.goal}
            onChange={form.setGoal}
            choices={goals.map((goal) => ({ value: goal, title: goalNames[goal], text: goalTexts[goal] }))}
          />
        </Step>
        {form.suggestion.isError && (
          <ErrorPanel
            title="Hone could not suggest settings for these choices"
            error={form.suggestion.error}
            actions={
              <Button size="sm" onClick={() => void form.suggestion.refetch()}>
                Try again
              </Button>
            }
          />
        )}
        {form.recipe && (
          <>
            {form.plan && <ForecastPanel form={form} />}
            <Disclosure
              summary="Advanced"
              note={
                form.changedCount === 0
                  ? "suggested for your choices"
                  : `${counted(form.changedCount, "setting")} changed by you`
              }
            >
              <div className="flex flex-col gap-5">
                <div className="flex flex-wrap items-end justify-between gap-3">
                  <Field label="Name of the run" className="w-full max-w-sm">
                    {(control) => (
                      <Input
                        {...control}
                        value={name}
                        maxLength={200}
                        placeholder="Hone finds one"
                        onChange={(event) => setName(event.target.value)}
                      />
                    )}
                  </Field>
                  <Button disabled={form.changedCount === 0} onClick={form.reset}>
                    Back to what was suggested
                  </Button>
                </div>
                <RecipeForm recipe={form.recipe} form={form} />
                <SweepForm recipe={form.recipe} texts={texts} read={sweep} onChange={setTexts} />
                <Field
                  label="What counts as a good answer"
                  hint="Measured on held-out rows when the run is done; it can be changed later."
                  className="max-w-sm"
                >
                  {(control) => (
                    <Select
                      {...control}
                      value={scoreBy}
                      onChange={setScoreBy}
                      options={[{ value: "guess", label: "Guess from the data" }, ...kindOptions]}
                    />
                  )}
                </Field>
              </div>
            </Disclosure>
          </>
        )}
        {(start.error ?? startSweep.error) && (
          <ErrorPanel
            title={startSweep.error ? "The sweep did not start" : "The run did not start"}
            error={start.error ?? startSweep.error}
          />
        )}
        <div className="sticky bottom-0 -mx-1 flex flex-wrap items-center justify-end gap-3 border-t border-line bg-bg px-1 py-3">
          <p className="text-ink-soft" role="status">
            {Object.keys(form.errors).length > 0 || sweepIsWrong
              ? "A setting under Advanced is outside its limits."
              : ahead > 0
                ? `${sweep.grid ? "They" : "It"} will wait behind ${counted(ahead, "run")}.`
                : ""}
          </p>
          <Button
            variant="primary"
            icon={<Play size={16} aria-hidden />}
            className="h-9! px-5"
            disabled={!form.plan || refused || sweepIsWrong}
            busy={start.isPending || startSweep.isPending}
            onClick={press}
          >
            {sweep.grid ? `Start ${count(sweep.runs)} runs` : ahead > 0 ? "Add to the queue" : "Start training"}
          </Button>
        </div>
      </div>
    </Page>
  );
}

function ModelChoice({ form }: { readonly form: RunForm }) {
  const models = form.models.data ?? [];
  if (models.length === 0) {
    return (
      <Notice
        title="No model yet"
        actions={
          <Link href="/models/add" className={buttonClass()}>
            Add a model…
          </Link>
        }
      >
        Any GGUF file of a supported architecture will do.
      </Notice>
    );
  }
  const choices: readonly Choice<string>[] = models.map((model) => {
    const why = model.missing ? "The file is missing." : model.info.whyNotTrainable[0];
    return {
      value: model.id,
      title: model.info.name,
      disabled: why !== undefined,
      text:
        why ??
        `${short(model.info.parameters)} parameters, ${mainTypes(model.info.types)}, ${bytes(model.info.fileBytes)}`,
    };
  });
  return (
    <ChoiceCards
      label="Model"
      columns="sm:grid-cols-2 xl:grid-cols-3"
      value={form.modelId}
      onChange={form.setModel}
      choices={choices}
    />
  );
}

function Step({
  number,
  title,
  add,
  children,
}: {
  readonly number: number;
  readonly title: string;
  readonly add?: { readonly href: string; readonly label: string };
  readonly children: ReactNode;
}) {
  return (
    <section aria-label={title}>
      <div className="mb-2 flex items-center gap-2">
        <span
          className="num flex size-5.5 items-center justify-center rounded-full bg-accent text-xs font-semibold text-on-accent"
          aria-hidden
        >
          {number}
        </span>
        <h2 className="font-semibold">{title}</h2>
        {add && (
          <Link
            href={add.href}
            className="ml-auto inline-flex items-center gap-1 rounded text-sm text-ink-faint hover:text-ink"
          >
            <Plus size={14} aria-hidden />
            {add.label}
          </Link>
        )}
      </div>
      {children}
    </section>
  );
}
