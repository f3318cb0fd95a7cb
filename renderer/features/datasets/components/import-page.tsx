import { count, counted, fileName } from "@renderer/lib/format";
import { Button } from "@renderer/ui/button";
import { DropZone } from "@renderer/ui/drop-zone";
import { ErrorPanel } from "@renderer/ui/error-panel";
import { Field, Input } from "@renderer/ui/field";
import { FilePickButton } from "@renderer/ui/file-picker";
import { Loaded } from "@renderer/ui/loaded";
import { Notice } from "@renderer/ui/notice";
import { Page } from "@renderer/ui/page";
import { Panel } from "@renderer/ui/panel";
import { Select } from "@renderer/ui/select";
import { Skeleton } from "@renderer/ui/skeleton";
import { type DatasetFormat, type DatasetGuess, datasetFormats } from "@shared/models/dataset";
import { useQuery } from "@tanstack/react-query";
import { FolderOpen } from "lucide-react";
import { useState } from "react";
import { useLocation } from "wouter";
import { guessQuery, useImportDataset } from "../api/datasets";
import { ConversationSample } from "./conversation-sample";
import { formatNames, formatShapes } from "./format-names";
import { ProblemsTable } from "./problems-table";

function pathFromHistory(): string {
  const state: unknown = window.history.state;
  return typeof state === "object" && state !== null && "path" in state && typeof state.path === "string"
    ? state.path
    : "";
}

/** Choose a file, see what Hone makes of it, change the format if the guess is wrong, import. */
export function ImportPage() {
  const [typed, setTyped] = useState(pathFromHistory);
  const [path, setPath] = useState(typed);
  const open = (chosen: string) => {
    setTyped(chosen);
    setPath(chosen);
  };
  return (
    <Page
      title="Import a dataset"
      back={{ href: "/datasets", label: "Datasets" }}
      lead="JSONL, CSV or plain text. Nothing is imported before you have seen what Hone makes of the file."
    >
      <DropZone kind="dataset" invitation="Drop the file here" onDrop={open}>
        <div className="flex flex-col gap-3">
          <form
            className="flex gap-2"
            onSubmit={(event) => {
              event.preventDefault();
              if (typed.trim()) setPath(typed.trim());
            }}
          >
            <Input
              aria-label="Path of a dataset file"
              placeholder="Path of a .jsonl, .csv or .txt file; or drop one on this page"
              className="flex-1 font-mono text-sm"
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
            />
            <Button type="submit" disabled={!typed.trim()}>
              Look
            </Button>
            <FilePickButton
              kind="dataset"
              variant={path ? "default" : "primary"}
              onPick={open}
              icon={<FolderOpen size={16} aria-hidden />}
            >
              Choose a file…
            </FilePickButton>
          </form>
          {path ? <GuessStep key={path} path={path} /> : <FormatHelp />}
        </div>
      </DropZone>
    </Page>
  );
}

function FormatHelp() {
  return (
    <Panel title="What Hone understands">
      <dl className="grid gap-x-6 gap-y-2 sm:grid-cols-[12rem_1fr]">
        {datasetFormats.map((format) => (
          <div key={format} className="contents">
            <dt className="font-medium">{formatNames[format]}</dt>
            <dd className="font-mono text-sm text-ink-soft">{formatShapes[format]}</dd>
          </div>
        ))}
      </dl>
      <p className="mt-3 text-ink-soft">
        One example per line in JSONL, or one per record in CSV with the field names in the first line. A CSV may use
        any of the shapes with columns.
      </p>
    </Panel>
  );
}

function GuessStep({ path }: { readonly path: string }) {
  const [format, setFormat] = useState<DatasetFormat>();
  const query = useQuery(guessQuery(path, format));
  return (
    <>
      <Loaded query={query} waiting={<Skeleton rows={3} height="h-24" />}>
        {(guess) => <GuessView guess={guess} chosen={format} stale={query.isPlaceholderData} onFormat={setFormat} />}
      </Loaded>
      {query.isError && query.data !== undefined && <ErrorPanel error={query.error} />}
    </>
  );
}

function GuessView({
  guess,
  chosen,
  stale,
  onFormat,
}: {
  readonly guess: DatasetGuess;
  readonly chosen: DatasetFormat | undefined;
  readonly stale: boolean;
  readonly onFormat: (format: DatasetFormat) => void;
}) {
  const [name, setName] = useState(() => fileName(guess.path).replace(/\.[^.]+$/, ""));
  const [, go] = useLocation();
  const importing = useImportDataset();
  const start = () =>
    importing.mutate(
      { path: guess.path, name: name.trim() || undefined, format: chosen ?? guess.format },
      { onSuccess: (dataset) => go(`/datasets/${dataset.id}`) },
    );
  const container = { jsonl: "JSONL", csv: "CSV", text: "Text" }[guess.container];
  return (
    <div className="flex flex-col gap-3" aria-busy={stale}>
      <Panel
        title={chosen ? "Read as you chose" : "What Hone sees"}
        note={`${container}, ${counted(guess.rows, "usable row")}`}
      >
        <p className="mb-3 text-ink-soft">{guess.because}</p>
        <div className="grid items-start gap-4 sm:grid-cols-2">
          <Field label="Format" hint={<span className="font-mono">{formatShapes[chosen ?? guess.format]}</span>}>
            {(control) => (
              <Select
                {...control}
                value={chosen ?? guess.format}
                onChange={onFormat}
                options={datasetFormats.map((value) => ({ value, label: formatNames[value] }))}
              />
            )}
          </Field>
          <Field
            label="Name"
            hint={guess.fields.length > 0 ? `Fields in the file: ${guess.fields.join(", ")}` : undefined}
          >
            {(control) => (
              <Input {...control} value={name} maxLength={200} onChange={(event) => setName(event.target.value)} />
            )}
          </Field>
        </div>
      </Panel>
      {guess.problemCount > 0 && <ProblemsTable problems={guess.problems} total={guess.problemCount} />}
      {guess.sample.length > 0 && (
        <Panel title="The first rows" note="as conversations">
          <ConversationSample conversations={guess.sample.slice(0, 5)} />
        </Panel>
      )}
      {importing.error && <ErrorPanel title="The file was not imported" error={importing.error} />}
      {guess.rows === 0 ? (
        <Notice tone="warn" title="No row can be used as it is">
          Choose another format above, or mend the file and press “Look” again.
        </Notice>
      ) : (
        <div className="flex items-center justify-end gap-3">
          {guess.problemCount > 0 && (
            <p className="num text-ink-soft">{counted(guess.problemCount, "row")} with problems will be left out.</p>
          )}
          <Button variant="primary" busy={importing.isPending} disabled={stale} onClick={start}>
            Import {count(guess.rows)} {guess.rows === 1 ? "row" : "rows"}
          </Button>
        </div>
      )}
    </div>
  );
}
