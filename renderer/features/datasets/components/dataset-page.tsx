import { useModels } from "@renderer/features/models/api/models";
import { count, moment } from "@renderer/lib/format";
import { Badge } from "@renderer/ui/badge";
import { Button, buttonClass } from "@renderer/ui/button";
import { Digest } from "@renderer/ui/digest";
import { EmptyState } from "@renderer/ui/empty-state";
import { Field } from "@renderer/ui/field";
import { Loaded } from "@renderer/ui/loaded";
import { NumberInput } from "@renderer/ui/number-input";
import { Page } from "@renderer/ui/page";
import { Fact, Facts, Panel } from "@renderer/ui/panel";
import { Select } from "@renderer/ui/select";
import type { DatasetRecord } from "@shared/models/dataset";
import type { ModelRecord } from "@shared/models/model";
import { FileText, Play } from "lucide-react";
import { useDeferredValue, useState } from "react";
import { Link, useLocation } from "wouter";
import { useDatasets } from "../api/datasets";
import { DatasetMenu } from "./dataset-menu";
import { formatNames } from "./format-names";
import { MeasurePanel } from "./measure-panel";
import { PreviewPanel } from "./preview-panel";

const back = { href: "/datasets", label: "Datasets" };

export function DatasetPage({ id }: { readonly id: string }) {
  const query = useDatasets();
  return (
    <Loaded
      query={query}
      waiting={
        <Page title="Dataset" back={back}>
          {null}
        </Page>
      }
    >
      {(datasets) => {
        const dataset = datasets.find((one) => one.id === id);
        if (dataset) return <DatasetCard dataset={dataset} />;
        return (
          <Page title="Dataset" back={back}>
            <EmptyState
              icon={<FileText size={22} aria-hidden />}
              title="This dataset is gone"
              actions={
                <Link href="/datasets" className={buttonClass("primary")}>
                  See all datasets
                </Link>
              }
            >
              It was removed. Import its file again to bring it back.
            </EmptyState>
          </Page>
        );
      }}
    </Loaded>
  );
}

function DatasetCard({ dataset }: { readonly dataset: DatasetRecord }) {
  const [, go] = useLocation();
  const models = useModels();
  return (
    <Page
      title={dataset.name}
      back={back}
      badge={dataset.origin === "starter" ? <Badge>Starter</Badge> : undefined}
      actions={
        <>
          <DatasetMenu dataset={dataset} onRemoved={() => go("/datasets")} />
          <Button
            variant="primary"
            icon={<Play size={16} aria-hidden />}
            onClick={() => go("/runs/new", { state: { datasetId: dataset.id } })}
          >
            Train on it
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <Panel>
          <Facts columns="sm:grid-cols-[7rem_1fr] lg:grid-cols-[7rem_1fr_7rem_1fr]">
            <Fact name="Rows">{count(dataset.rows)}</Fact>
            <Fact name="Format">{formatNames[dataset.format]}</Fact>
            <Fact name="Left out">
              {dataset.skippedRows === 0 ? "none" : `${count(dataset.skippedRows)} with problems`}
            </Fact>
            <Fact name="Held out">
              {dataset.testRows === 0
                ? "none; scores need a separate test file"
                : `${count(dataset.testRows)} rows for scores`}
            </Fact>
            <Fact name="Digest">
              <Digest hex={dataset.digest} what="dataset's digest" />
            </Fact>
            <Fact name="Added">{moment(dataset.addedAt)}</Fact>
            <Fact name="From">
              <span className="font-mono text-sm break-all">{dataset.sourcePath}</span>
            </Fact>
          </Facts>
        </Panel>
        <Loaded query={models}>
          {(shelf) =>
            shelf.some((model) => !model.missing) ? (
              <AsTheModelSeesIt dataset={dataset} models={shelf.filter((model) => !model.missing)} />
            ) : (
              <EmptyState
                icon={<FileText size={22} aria-hidden />}
                title="Add a model to see these rows as it will"
                actions={
                  <Link href="/models/add" className={buttonClass("primary")}>
                    Add a model
                  </Link>
                }
              >
                Tokens, the chat template and what is learned depend on the model.
              </EmptyState>
            )
          }
        </Loaded>
      </div>
    </Page>
  );
}

function AsTheModelSeesIt({
  dataset,
  models,
}: {
  readonly dataset: DatasetRecord;
  readonly models: readonly ModelRecord[];
}) {
  const [modelId, setModelId] = useState(models[0]?.id ?? "");
  const model = models.find(({ id }) => id === modelId) ?? models[0];
  const longest = model?.info.contextLength ?? 512;
  const [context, setContext] = useState(Math.min(512, longest));
  const valid = Number.isInteger(context) && context >= 8 && context <= longest;
  const settled = useDeferredValue(valid ? context : Math.min(512, longest));
  if (!model) return null;
  return (
    <>
      <div className="flex flex-wrap items-start gap-4">
        <Field label="As seen by" className="w-72">
          {(control) => (
            <Select
              {...control}
              value={model.id}
              onChange={setModelId}
              options={models.map(({ id, info }) => ({ value: id, label: info.name }))}
            />
          )}
        </Field>
        <Field label="Context length" className="w-56" error={valid ? null : `8 to ${count(longest)} tokens`}>
          {(control) => <NumberInput {...control} value={context} step="double" onChange={setContext} />}
        </Field>
      </div>
      <MeasurePanel datasetId={dataset.id} modelId={model.id} contextLength={settled} />
      <PreviewPanel key={`${model.id} ${settled}`} datasetId={dataset.id} modelId={model.id} contextLength={settled} />
    </>
  );
}
