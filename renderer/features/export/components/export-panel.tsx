import { useAppInfo } from "@renderer/features/settings/api/settings";
import { bridge } from "@renderer/lib/bridge";
import { lastFolder, rememberFolder } from "@renderer/lib/files";
import { Button } from "@renderer/ui/button";
import { ChoiceCards } from "@renderer/ui/choice-cards";
import { ErrorPanel } from "@renderer/ui/error-panel";
import { Field, Input } from "@renderer/ui/field";
import { FilePickButton } from "@renderer/ui/file-picker";
import { Panel } from "@renderer/ui/panel";
import { Spinner } from "@renderer/ui/spinner";
import { toast } from "@renderer/ui/toast-store";
import type { AdapterRecord } from "@shared/models/adapter";
import type { ExportProgress, ExportType } from "@shared/models/export";
import { clsx } from "clsx";
import { Check, Circle, PackageCheck } from "lucide-react";
import { useState } from "react";
import { useExportAdapter, useExportError, useExportProgress, useExportResult } from "../api/exports";
import { ExportResultView } from "./export-result";

export function ExportPanel({ adapter }: { readonly adapter: AdapterRecord }) {
  const info = useAppInfo().data;
  const [chosen, setFolder] = useState(() => lastFolder("folder"));
  const folder = chosen ?? info?.homeFolder ?? "";
  const [type, setType] = useState<ExportType>("f16");
  const exporting = useExportAdapter(adapter.id);
  const stage = useExportProgress(adapter.id);
  const error = useExportError(adapter.id);
  const result = useExportResult(adapter.id);
  const start = () => {
    rememberFolder("folder", folder);
    exporting.mutate(
      { folder, type },
      {
        onSuccess: () =>
          toast({
            tone: "good",
            title: `“${adapter.name}” is written`,
            text: "Its logits agree with the adapter in memory.",
          }),
      },
    );
  };
  return (
    <div className="flex flex-col gap-3">
      <Panel title="Export the adapter">
        <div className="flex flex-col gap-3.5">
          <Field
            label="Into the folder"
            hint="Hone makes a folder of its own inside, with the adapter and its manifest."
          >
            {(control) => (
              <div className="flex gap-2">
                <Input
                  {...control}
                  className="font-mono text-sm"
                  value={folder}
                  onChange={(event) => setFolder(event.target.value)}
                />
                <FilePickButton kind="folder" onPick={setFolder}>
                  Choose…
                </FilePickButton>
              </div>
            )}
          </Field>
          <div className="flex flex-col gap-1">
            <span className="text-sm font-medium" aria-hidden>
              Format
            </span>
            <ChoiceCards
              label="Format"
              columns="sm:grid-cols-3"
              value={type}
              onChange={setType}
              choices={[
                { value: "f16", title: "GGUF, F16", text: "Half the size. Right for phones." },
                { value: "f32", title: "GGUF, F32", text: "Exactly as trained." },
                { value: "peft", title: "PEFT folder", text: "safetensors, for Python tools." },
              ]}
            />
          </div>
          <div className="flex items-center justify-end gap-3">
            <Button
              variant="primary"
              icon={<PackageCheck size={16} aria-hidden />}
              disabled={!folder.trim() || adapter.missing}
              busy={stage !== null}
              onClick={start}
            >
              Export and check
            </Button>
          </div>
          {stage && <Stages stage={stage} />}
          {error && !stage && (
            <ErrorPanel title="The export did not finish; nothing half-written is left" error={error} />
          )}
        </div>
      </Panel>
      {result && !stage && (
        <ExportResultView result={result} reveal={() => bridge().app.reveal({ path: result.folder })} />
      )}
    </div>
  );
}

const stages: readonly { readonly id: ExportProgress["stage"]; readonly text: string }[] = [
  { id: "writing", text: "Writing the adapter" },
  { id: "checking", text: "Loading the written file and comparing logits with the adapter in memory" },
  { id: "finishing", text: "Checksums and manifest" },
];

function Stages({ stage }: { readonly stage: ExportProgress["stage"] }) {
  const at = stages.findIndex(({ id }) => id === stage);
  return (
    <ol role="status" className="flex flex-col gap-1.5 rounded-md bg-sunken p-3">
      {stages.map(({ id, text }, index) => (
        <li
          key={id}
          className={clsx("flex items-center gap-2", index > at && "text-ink-faint")}
          aria-current={index === at ? "step" : undefined}
        >
          {index < at ? (
            <Check size={15} aria-label="done" className="text-good" />
          ) : index === at ? (
            <Spinner />
          ) : (
            <Circle size={15} aria-hidden />
          )}
          {text}
        </li>
      ))}
    </ol>
  );
}
