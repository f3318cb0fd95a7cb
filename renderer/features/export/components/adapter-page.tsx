import { useAdapters, useCanScore, useScoreBy } from "@renderer/features/adapters/api/adapters";
import { DidItHelp } from "@renderer/features/adapters/components/did-it-help";
import { ScoreButton, ScoreProgress } from "@renderer/features/adapters/components/score-button";
import { kindOptions } from "@renderer/features/adapters/hooks/helped";
import { useModel } from "@renderer/features/models/api/models";
import { SendButton } from "@renderer/features/phone/components/send-button";
import { bytes, count, loss, moment } from "@renderer/lib/format";
import { Button, buttonClass } from "@renderer/ui/button";
import { Digest } from "@renderer/ui/digest";
import { EmptyState } from "@renderer/ui/empty-state";
import { ErrorPanel } from "@renderer/ui/error-panel";
import { Loaded } from "@renderer/ui/loaded";
import { Notice } from "@renderer/ui/notice";
import { Page } from "@renderer/ui/page";
import { Fact, Facts, Panel } from "@renderer/ui/panel";
import { Select } from "@renderer/ui/select";
import type { AdapterRecord, Passport } from "@shared/models/adapter";
import { MessagesSquare, PackageCheck } from "lucide-react";
import { Link, useLocation } from "wouter";
import { AdapterMenu } from "./adapter-menu";
import { ToldScore } from "./adapter-shelf";
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
  const setKind = useScoreBy(adapter.id);
  const canScore = useCanScore(adapter);
  return (
    <Panel
      title="Did it help?"
      actions={
        canScore && (
          <>
            <Select
              aria-label="What counts as a good answer"
              className="w-52"
              value={adapter.scoreBy ?? ""}
              placeholder="Guessed from the data"
              options={kindOptions}
              onChange={(kind) => setKind.mutate(kind)}
            />
            <ScoreButton adapter={adapter} />
          </>
        )
      }
    >
      {adapter.scoreAfter ? (
        <DidItHelp adapter={adapter} />
      ) : (
        <p className="text-sm text-ink-faint">
          {canScore
            ? "Base model and adapter answer the held-out rows, and read a text that has nothing to do with the task."
            : "That needs rows the run was not trained on: a validation share above 0, or a held-out test file."}
        </p>
      )}
      {setKind.error && <ErrorPanel title="It stays as it was" error={setKind.error} />}
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
          <Digest hex={adapter.baseDigest} what="base digest" />
        </Fact>
        <Fact name="Dataset digest">
          <Digest hex={adapter.datasetDigest} what="dataset digest" />
        </Fact>
        <Fact name="Recipe digest">
          <Digest hex={adapter.recipeDigest} what="recipe digest" />
        </Fact>
        <Fact name="Licence">{adapter.passport?.licence ?? model?.info.license ?? "not stated"}</Fact>
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
              {adapter.checkpointStep === null ? "its run" : `step ${count(adapter.checkpointStep)} of its run`}
            </Link>
          ) : (
            "imported"
          )}
        </Fact>
        {adapter.passport && <PassportFacts passport={adapter.passport} />}
      </Facts>
    </Panel>
  );
}

/** What came with it in its bundle. Only the checksums were checked here. */
function PassportFacts({ passport }: { readonly passport: Passport }) {
  const parents = passport.parents.filter(({ kind }) => kind === "adapter");
  return (
    <>
      <Fact name="Made with">{passport.madeBy}</Fact>
      {passport.exactAnswers && (
        <Fact name="Exact answers">
          <ToldScore told={passport.exactAnswers} />
        </Fact>
      )}
      {passport.rows !== null && passport.steps !== null && (
        <Fact name="Trained on">
          {count(passport.rows)} rows, {count(passport.steps)} steps
        </Fact>
      )}
      <Fact name="Comes from">
        {parents.length === 0
          ? "not told"
          : parents.map(({ name, sha256 }) => (
              <span key={sha256} className="mr-2 inline-flex items-center gap-1">
                {name} <Digest hex={sha256} what={`digest of ${name}`} />
              </span>
            ))}
      </Fact>
    </>
  );
}
