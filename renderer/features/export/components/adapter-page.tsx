import { useAdapters } from "@renderer/features/adapters/api/adapters";
import { useDataset } from "@renderer/features/datasets/api/datasets";
import { useModel } from "@renderer/features/models/api/models";
import { SendButton } from "@renderer/features/phone/components/send-button";
import { useRuns } from "@renderer/features/runs/api/runs";
import { ScoreButton, ScoreProgress } from "@renderer/features/runs/components/finish-panel";
import { bytes, count, loss, moment } from "@renderer/lib/format";
import { Button, buttonClass } from "@renderer/ui/button";
import { Digest } from "@renderer/ui/digest";
import { EmptyState } from "@renderer/ui/empty-state";
import { Loaded } from "@renderer/ui/loaded";
import { Notice } from "@renderer/ui/notice";
import { Page } from "@renderer/ui/page";
import { Fact, Facts, Panel } from "@renderer/ui/panel";
import type { AdapterRecord } from "@shared/models/adapter";
import { MessagesSquare, PackageCheck } from "lucide-react";
import { Link, useLocation } from "wouter";
import { AdapterMenu } from "./adapter-menu";
import { Scores } from "./adapters-page";
import { ExportPanel } from "./export-panel";

const back = { href: "/export", label: "Export" };

export function AdapterPage({ id }: { readonly id: string }) {
  const query = useAdapters();
  return (
    <Loaded
      query={query}
      waiting={
        <Page title="Adapter" back={back}>
          {null}
        </Page>
      }
    >
      {(adapters) => {
        const adapter = adapters.find((one) => one.id === id);
        if (adapter) return <AdapterCard adapter={adapter} />;
        return (
          <Page title="Adapter" back={back}>
            <EmptyState
              icon={<PackageCheck size={22} aria-hidden />}
              title="This adapter is gone"
              actions={
                <Link href="/export" className={buttonClass("primary")}>
                  See all adapters
                </Link>
              }
            >
              It was removed. The run that made it can be repeated: the same settings and data give the same adapter.
            </EmptyState>
          </Page>
        );
      }}
    </Loaded>
  );
}

function AdapterCard({ adapter }: { readonly adapter: AdapterRecord }) {
  const [, go] = useLocation();
  return (
    <Page
      title={adapter.name}
      back={back}
      actions={
        <>
          <AdapterMenu adapter={adapter} onRemoved={() => go("/export")} />
          <SendButton adapter={adapter} />
          <Button
            icon={<MessagesSquare size={16} aria-hidden />}
            disabled={adapter.missing}
            onClick={() => go("/playground", { state: { compare: adapter.id } })}
          >
            Compare base and tuned
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        {adapter.missing && (
          <Notice tone="warn" title="The adapter's file is no longer there">
            Hone looked at <span className="font-mono break-all">{adapter.path}</span>. Its run can be repeated with the
            same settings.
          </Notice>
        )}
        <div className="grid items-start gap-3 lg:grid-cols-[3fr_2fr]">
          <ExportPanel adapter={adapter} />
          <div className="flex flex-col gap-3">
            <ScorePanel adapter={adapter} />
            <FactsPanel adapter={adapter} />
          </div>
        </div>
      </div>
    </Page>
  );
}

function ScorePanel({ adapter }: { readonly adapter: AdapterRecord }) {
  const run = useRuns().data?.find(({ id }) => id === adapter.runId);
  const dataset = useDataset(run?.datasetId);
  const canScore = (dataset?.testRows ?? 0) > 0;
  return (
    <Panel title="Score" actions={canScore && <ScoreButton adapter={adapter} />}>
      <p className="text-md">
        <Scores adapter={adapter} />
      </p>
      <p className="text-sm text-ink-faint">
        {adapter.scoreAfter
          ? `exact answers on ${count(adapter.scoreAfter.rows)} held-out requests, base model before the arrow`
          : canScore
            ? `Base model and adapter answer ${count(dataset?.testRows ?? 0)} held-out requests; exact answers count.`
            : "A score needs a dataset with a held-out test file."}
      </p>
      <ScoreProgress id={adapter.id} />
    </Panel>
  );
}

function FactsPanel({ adapter }: { readonly adapter: AdapterRecord }) {
  const model = useModel(adapter.modelId);
  return (
    <Panel title="Adapter">
      <Facts columns="sm:grid-cols-[8rem_1fr]">
        <Fact name="Digest">
          <Digest hex={adapter.digest} what="adapter's digest" />
        </Fact>
        <Fact name="Base model">
          {model ? (
            <Link href={`/models/${model.id}`} className="underline">
              {model.info.name}
            </Link>
          ) : (
            "not on the shelf"
          )}
        </Fact>
        <Fact name="Base digest">
          {adapter.baseDigest ? <Digest hex={adapter.baseDigest} what="base digest" /> : "not known"}
        </Fact>
        <Fact name="Dataset digest">
          {adapter.datasetDigest ? <Digest hex={adapter.datasetDigest} what="dataset digest" /> : "not known"}
        </Fact>
        <Fact name="Rank, alpha">
          {adapter.rank}, {adapter.alpha}
        </Fact>
        <Fact name="Size">{bytes(adapter.bytes)}</Fact>
        <Fact name="Final loss">
          {loss(adapter.finalTrainLoss)} training, {loss(adapter.finalValidationLoss)} validation
        </Fact>
        <Fact name="Made">{moment(adapter.createdAt)}</Fact>
        <Fact name="From">
          {adapter.runId ? (
            <Link href={`/runs/${adapter.runId}`} className="underline">
              its run
            </Link>
          ) : (
            "imported"
          )}
        </Fact>
      </Facts>
    </Panel>
  );
}
