import { count, day } from "@renderer/lib/format";
import { Badge } from "@renderer/ui/badge";
import { buttonClass } from "@renderer/ui/button";
import { DropZone } from "@renderer/ui/drop-zone";
import { EmptyState } from "@renderer/ui/empty-state";
import { Loaded } from "@renderer/ui/loaded";
import { Page } from "@renderer/ui/page";
import { Table, Td, Th, Tr } from "@renderer/ui/table";
import type { DatasetRecord } from "@shared/models/dataset";
import { FileText, Plus } from "lucide-react";
import { Link, useLocation } from "wouter";
import { useDatasets } from "../api/datasets";
import { DatasetMenu } from "./dataset-menu";
import { formatNames } from "./format-names";

export function DatasetsPage() {
  const query = useDatasets();
  const [, go] = useLocation();
  return (
    <Page
      title="Datasets"
      lead="Examples of how the model should answer. Hone copies them when you import, so later changes to the file do not matter."
      actions={
        <Link href="/datasets/import" className={buttonClass("primary")}>
          <Plus size={16} aria-hidden />
          Import a file…
        </Link>
      }
    >
      <DropZone
        kind="dataset"
        invitation="Drop a JSONL, CSV or text file to import it"
        onDrop={(path) => go("/datasets/import", { state: { path } })}
      >
        <Loaded query={query}>
          {(datasets) =>
            datasets.length === 0 ? (
              <EmptyState
                icon={<FileText size={22} aria-hidden />}
                title="No dataset yet"
                actions={
                  <Link href="/datasets/import" className={buttonClass("primary")}>
                    Import a file…
                  </Link>
                }
              >
                A few hundred examples of a question and the answer you want are enough to teach a format or a style.
                JSONL, CSV and plain text are understood; the shape is guessed and shown before anything is imported.
              </EmptyState>
            ) : (
              <DatasetTable datasets={datasets} />
            )
          }
        </Loaded>
      </DropZone>
    </Page>
  );
}

function DatasetTable({ datasets }: { readonly datasets: readonly DatasetRecord[] }) {
  return (
    <Table label="Datasets">
      <thead>
        <tr>
          <Th>Name</Th>
          <Th>Format</Th>
          <Th className="text-right">Rows</Th>
          <Th className="text-right">Left out</Th>
          <Th className="text-right">Held out</Th>
          <Th>Added</Th>
          <Th>
            <span className="sr-only">Actions</span>
          </Th>
        </tr>
      </thead>
      <tbody>
        {datasets.map((dataset) => (
          <Tr key={dataset.id}>
            <Td className="max-w-80 max-xl:max-w-56">
              <span className="flex items-center gap-2">
                <Link href={`/datasets/${dataset.id}`} className="truncate font-medium hover:underline">
                  {dataset.name}
                </Link>
                {dataset.origin === "starter" && <Badge>Starter</Badge>}
              </span>
              <span className="block truncate font-mono text-xs text-ink-faint" title={dataset.sourcePath}>
                {dataset.sourcePath}
              </span>
            </Td>
            <Td className="whitespace-nowrap">{formatNames[dataset.format]}</Td>
            <Td className="num text-right">{count(dataset.rows)}</Td>
            <Td className="num text-right">
              {dataset.skippedRows > 0 ? (
                <Badge tone="warn">{count(dataset.skippedRows)}</Badge>
              ) : (
                <span className="text-ink-faint">0</span>
              )}
            </Td>
            <Td className="num text-right">
              {dataset.testRows > 0 ? count(dataset.testRows) : <span className="text-ink-faint">–</span>}
            </Td>
            <Td className="whitespace-nowrap text-ink-soft">{day(dataset.addedAt)}</Td>
            <Td className="w-12 text-right">
              <DatasetMenu dataset={dataset} />
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
