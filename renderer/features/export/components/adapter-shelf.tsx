import { useScoring } from "@renderer/features/adapters/api/adapters";
import { Scores } from "@renderer/features/adapters/components/scores";
import { useModels } from "@renderer/features/models/api/models";
import { ago, bytes, counted } from "@renderer/lib/format";
import { Badge } from "@renderer/ui/badge";
import { Digest } from "@renderer/ui/digest";
import { Input } from "@renderer/ui/field";
import { Progress } from "@renderer/ui/progress";
import type { AdapterRecord } from "@shared/models/adapter";
import type { ModelRecord } from "@shared/models/model";
import { useState } from "react";
import { Link } from "wouter";
import { filterShelf } from "../hooks/filter-shelf";
import { AdapterMenu } from "./adapter-menu";

/** All adapters as cards, each with its passport: what it is made of, how well it does, what it weighs. */
export function AdapterShelf({ adapters }: { readonly adapters: readonly AdapterRecord[] }) {
  const models = useModels().data ?? [];
  const [search, setSearch] = useState("");
  const shown = filterShelf(adapters, models, search);
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-3">
        <Input
          type="search"
          aria-label="Search adapters"
          placeholder="Search by name, base, digest or licence"
          className="max-w-80"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
        <p role="status" className="text-sm text-ink-faint">
          {search.trim() === ""
            ? counted(adapters.length, "adapter")
            : `${shown.length} of ${counted(adapters.length, "adapter")}`}
        </p>
      </div>
      {shown.length === 0 ? (
        <p className="text-ink-soft">No adapter matches “{search.trim()}”.</p>
      ) : (
        <ul aria-label="Adapters" className="grid gap-3 sm:grid-cols-2 xl:grid-cols-3">
          {shown.map((adapter) => (
            <ShelfCard key={adapter.id} adapter={adapter} base={models.find(({ id }) => id === adapter.modelId)} />
          ))}
        </ul>
      )}
    </div>
  );
}

function ShelfCard({ adapter, base }: { readonly adapter: AdapterRecord; readonly base: ModelRecord | undefined }) {
  const { passport } = adapter;
  const parents = passport?.parents.filter(({ kind }) => kind === "adapter") ?? [];
  return (
    <li className="flex min-w-0 flex-col gap-2.5 rounded-lg border border-line bg-surface p-4">
      <div className="flex items-start gap-2">
        <div className="min-w-0 flex-1">
          <Link href={`/export/${adapter.id}`} className="block truncate font-semibold hover:underline">
            {adapter.name}
          </Link>
          <p className="truncate text-sm text-ink-soft">for {base?.info.name ?? "a base that is not on the shelf"}</p>
        </div>
        <AdapterMenu adapter={adapter} />
      </div>
      <div className="flex min-h-6 flex-wrap items-center gap-1.5">
        <CardScore adapter={adapter} />
        {adapter.missing && <Badge tone="bad">File missing</Badge>}
        {adapter.origin === "imported" && <Badge>{passport ? `From ${passport.madeBy}` : "Imported"}</Badge>}
      </div>
      <dl className="grid grid-cols-[6.5rem_1fr] gap-x-3 gap-y-1 text-sm">
        <CardFact name="Digest">
          <Digest hex={adapter.digest} what="adapter's digest" />
        </CardFact>
        <CardFact name="Base">
          <Digest hex={adapter.baseDigest} what="base digest" />
        </CardFact>
        <CardFact name="Dataset">
          <Digest hex={adapter.datasetDigest} what="dataset digest" />
        </CardFact>
        <CardFact name="Recipe">
          <Digest hex={adapter.recipeDigest} what="recipe digest" />
        </CardFact>
        <CardFact name="Size">
          {bytes(adapter.bytes)}, rank {adapter.rank}
        </CardFact>
        <CardFact name="Licence">{passport?.licence ?? base?.info.license ?? "not stated"}</CardFact>
        {parents.length > 0 && <CardFact name="Comes from">{parents.map(({ name }) => name).join(" → ")}</CardFact>}
        <CardFact name="Made">{ago(adapter.createdAt)}</CardFact>
      </dl>
    </li>
  );
}

function CardFact({ name, children }: { readonly name: string; readonly children: React.ReactNode }) {
  return (
    <>
      <dt className="text-ink-faint">{name}</dt>
      <dd className="num min-w-0 truncate">{children}</dd>
    </>
  );
}

function CardScore({ adapter }: { readonly adapter: AdapterRecord }) {
  const scoring = useScoring(adapter.id);
  if (scoring) {
    return (
      <Progress
        value={scoring.total > 0 ? scoring.done / scoring.total : null}
        label={`Scoring ${adapter.name}`}
        className="max-w-32"
      />
    );
  }
  const told = adapter.passport?.exactAnswers;
  if (!adapter.scoreAfter && told) return <ToldScore told={told} />;
  return <Scores adapter={adapter} />;
}

/** The maker's figures, which nobody here has measured. */
export function ToldScore({ told }: { readonly told: { rows: number; before: number; after: number } }) {
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
  return (
    <span className="num text-sm">
      <span className="text-ink-faint">{percent(told.before)} → </span>
      <strong className="font-semibold">{percent(told.after)}</strong>{" "}
      <span className="text-ink-faint">of {counted(told.rows, "row")}, as its maker says</span>
    </span>
  );
}
