import { useAdapters, useScoring } from "@renderer/features/adapters/api/adapters";
import { Scores } from "@renderer/features/adapters/components/scores";
import { useModels } from "@renderer/features/models/api/models";
import { ago, bytes } from "@renderer/lib/format";
import { Badge } from "@renderer/ui/badge";
import { Button, buttonClass } from "@renderer/ui/button";
import { Digest } from "@renderer/ui/digest";
import { EmptyState } from "@renderer/ui/empty-state";
import { Loaded } from "@renderer/ui/loaded";
import { Page } from "@renderer/ui/page";
import { Progress } from "@renderer/ui/progress";
import { Table, Td, Th, Tr } from "@renderer/ui/table";
import type { AdapterRecord } from "@shared/models/adapter";
import { FileInput, PackageCheck } from "lucide-react";
import { useState } from "react";
import { Link } from "wouter";
import { AdapterMenu } from "./adapter-menu";
import { ImportAdapterDialog } from "./import-adapter-dialog";

export function AdaptersPage() {
  const query = useAdapters();
  const [importing, setImporting] = useState(false);
  return (
    <Page
      title="Export"
      lead="Adapters are the small files that your runs leave. Choose one to check it and write it for another program or a phone."
      actions={
        <Button icon={<FileInput size={16} aria-hidden />} onClick={() => setImporting(true)}>
          Import an adapter…
        </Button>
      }
    >
      <Loaded query={query}>
        {(adapters) =>
          adapters.length === 0 ? (
            <EmptyState
              icon={<PackageCheck size={22} aria-hidden />}
              title="No adapter yet"
              actions={
                <>
                  <Link href="/runs/new" className={buttonClass("primary")}>
                    Train one
                  </Link>
                  <Button onClick={() => setImporting(true)}>Import an adapter…</Button>
                </>
              }
            >
              A finished run leaves an adapter here. An adapter is a few megabytes that turn the base model into yours;
              the base stays as it is.
            </EmptyState>
          ) : (
            <AdapterTable adapters={adapters} />
          )
        }
      </Loaded>
      {importing && <ImportAdapterDialog onClose={() => setImporting(false)} />}
    </Page>
  );
}

function AdapterTable({ adapters }: { readonly adapters: readonly AdapterRecord[] }) {
  const models = useModels().data;
  return (
    <Table label="Adapters">
      <thead>
        <tr>
          <Th>Name</Th>
          <Th>Base model</Th>
          <Th>Exact answers</Th>
          <Th className="text-right max-xl:hidden">Rank</Th>
          <Th className="text-right">Size</Th>
          <Th>Digest</Th>
          <Th>Made</Th>
          <Th>
            <span className="sr-only">Actions</span>
          </Th>
        </tr>
      </thead>
      <tbody>
        {adapters.map((adapter) => (
          <Tr key={adapter.id}>
            <Td className="max-w-64 max-xl:max-w-52">
              <span className="flex items-center gap-2">
                <Link href={`/export/${adapter.id}`} className="truncate font-medium hover:underline">
                  {adapter.name}
                </Link>
                {adapter.missing && <Badge tone="bad">File missing</Badge>}
                {adapter.origin === "imported" && <Badge>Imported</Badge>}
              </span>
            </Td>
            <Td className="max-w-48 truncate max-xl:max-w-32">
              {models?.find(({ id }) => id === adapter.modelId)?.info.name ?? "not known"}
            </Td>
            <Td className="min-w-36 whitespace-nowrap">
              <ScoreCell adapter={adapter} />
            </Td>
            <Td className="num text-right max-xl:hidden">{adapter.rank}</Td>
            <Td className="num text-right whitespace-nowrap">{bytes(adapter.bytes)}</Td>
            <Td>
              <Digest hex={adapter.digest} what="adapter's digest" />
            </Td>
            <Td className="text-sm whitespace-nowrap text-ink-soft">{ago(adapter.createdAt)}</Td>
            <Td className="w-12 text-right">
              <AdapterMenu adapter={adapter} />
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}

function ScoreCell({ adapter }: { readonly adapter: AdapterRecord }) {
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
  return <Scores adapter={adapter} />;
}
