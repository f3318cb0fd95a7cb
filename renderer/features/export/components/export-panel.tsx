import { useAppInfo } from "@renderer/features/settings/api/settings";
import { bridge } from "@renderer/lib/bridge";
import { lastFolder, rememberFolder } from "@renderer/lib/files";
import { bytes, duration } from "@renderer/lib/format";
import { Badge } from "@renderer/ui/badge";
import { Button } from "@renderer/ui/button";
import { ChoiceCards } from "@renderer/ui/choice-cards";
import { ErrorPanel } from "@renderer/ui/error-panel";
import { Field, Input } from "@renderer/ui/field";
import { FilePickButton } from "@renderer/ui/file-picker";
import { Panel } from "@renderer/ui/panel";
import { Progress } from "@renderer/ui/progress";
import { toast } from "@renderer/ui/toast-store";
import { toErrorData } from "@shared/errors";
import type { AdapterRecord } from "@shared/models/adapter";
import { type ExportPlan, type ExportProgress, passableGates } from "@shared/models/export";
import { PackageCheck } from "lucide-react";
import { useState } from "react";
import { cancelExport, useExportAdapter, useExportError, useExportProgress, useExportResult } from "../api/exports";
import { type ExportForm, useExportForm } from "../hooks/use-export-form";
import { ExportOptions } from "./export-options";
import { ExportResultView } from "./export-result";
import { GateList } from "./gate-list";
import { profileTexts } from "./profile-texts";

export function ExportPanel({ adapter }: { readonly adapter: AdapterRecord }) {
  const info = useAppInfo().data;
  const [chosenFolder, setFolder] = useState(() => lastFolder("folder"));
  const folder = chosenFolder ?? info?.homeFolder ?? "";
  const form = useExportForm(adapter.id);
  const { chosen } = form;
  const exporting = useExportAdapter(adapter.id);
  const progress = useExportProgress(adapter.id);
  const error = useExportError(adapter.id);
  const result = useExportResult(adapter.id);
  const start = () => {
    rememberFolder("folder", folder);
    exporting.mutate(
      { folder, ...form.request },
      {
        onSuccess: () =>
          toast({ tone: "good", title: `“${adapter.name}” is written`, text: "It was loaded again and compared." }),
      },
    );
  };
  return (
    <div className="flex flex-col gap-3">
      <Panel title="Export the adapter">
        <div className="flex flex-col gap-3.5">
          <ChoiceCards
            label="What it is for"
            columns="sm:grid-cols-2 xl:grid-cols-3"
            value={form.choice.profile}
            onChange={(profile) => form.change({ profile })}
            choices={profileTexts.map(({ profile, title, text }) => ({
              value: profile,
              title,
              text: <CardText text={text} plan={form.plans.get(profile)} />,
            }))}
          />
          <ExportOptions form={form} />
          {form.error && <ErrorPanel title="Hone could not look at this export" error={form.error} />}
          {chosen && <Findings plan={chosen} form={form} />}
          <Field label="Into the folder" hint="Hone makes a folder of its own inside, or one archive.">
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
          <div className="flex items-center justify-end gap-3">
            {chosen && (
              <span className="num text-sm text-ink-soft">
                {chosen.holds}: {bytes(chosen.bytes)}
              </span>
            )}
            <Button
              variant="primary"
              icon={<PackageCheck size={16} aria-hidden />}
              disabled={!folder.trim() || adapter.missing || chosen?.ready === false}
              busy={progress !== null}
              onClick={start}
            >
              Export and check
            </Button>
          </div>
          {progress && <Working progress={progress} />}
          {error && !progress && <Failure error={error} form={form} retry={start} />}
        </div>
      </Panel>
      {result && !progress && (
        <ExportResultView result={result} reveal={() => bridge().app.reveal({ path: result.path })} />
      )}
    </div>
  );
}

function CardText({ text, plan }: { readonly text: string; readonly plan: ExportPlan | undefined }) {
  const warned = plan?.gates.some(({ state }) => state === "warn");
  return (
    <span className="flex flex-col gap-1">
      <span>{text}</span>
      <span className="flex flex-wrap items-center gap-1.5">
        <span className="num text-xs text-ink-faint">{plan ? `about ${bytes(plan.bytes)}` : "…"}</span>
        {plan && !plan.ready && <Badge tone="bad">not possible</Badge>}
        {plan?.ready && warned && <Badge tone="warn">with a warning</Badge>}
        {plan?.phoneGb != null && <Badge>phone of {plan.phoneGb} GB</Badge>}
      </span>
    </span>
  );
}

function Findings({ plan, form }: { readonly plan: ExportPlan; readonly form: ExportForm }) {
  return (
    <div className="rounded-md bg-sunken p-3">
      <GateList
        gates={plan.gates}
        onPass={({ id }) => {
          const gate = passableGates.find((one) => one === id);
          if (gate) form.change({ pass: [...form.choice.pass, gate] });
        }}
      />
    </div>
  );
}

const stageTexts: Record<ExportProgress["stage"], string> = {
  checking: "Checking base and space",
  writing: "Writing",
  comparing: "Loading what was written and comparing it with the adapter in memory",
  probing: "Asking the probe prompts",
  sealing: "Checksums and manifest",
};

function Working({ progress }: { readonly progress: ExportProgress }) {
  const { adapterId, stage, share, remainingSeconds } = progress;
  return (
    <div className="flex flex-col gap-1.5 rounded-md bg-sunken p-3">
      <div className="flex items-center justify-between gap-3">
        <p role="status" className="min-w-0">
          {stageTexts[stage]}
        </p>
        <span className="flex shrink-0 items-center gap-3">
          {remainingSeconds !== null && (
            <span className="num text-sm text-ink-faint">about {duration(remainingSeconds)} left</span>
          )}
          <Button size="sm" onClick={() => void cancelExport(adapterId)}>
            Cancel
          </Button>
        </span>
      </div>
      <Progress value={share} label="Export" />
    </div>
  );
}

/** Where the way out is a choice of this panel, a button takes it. */
function Failure({
  error,
  form,
  retry,
}: {
  readonly error: Error;
  readonly form: ExportForm;
  readonly retry: () => void;
}) {
  const { code } = toErrorData(error);
  if (code === "export.cancelled") return <p className="text-sm text-ink-soft">{error.message}</p>;
  return (
    <ErrorPanel
      title="The export did not finish; nothing half-written is left"
      error={error}
      actions={
        <>
          {(code === "export.agreement" || code === "export.merge-type") && (
            <>
              <Button size="sm" onClick={() => form.change({ mergedType: "q8_0" })}>
                Choose Q8_0
              </Button>
              <Button size="sm" onClick={() => form.change({ profile: "pair" })}>
                Choose base and adapter
              </Button>
            </>
          )}
          {code === "export.check" && form.choice.adapterType === "f16" && (
            <Button size="sm" onClick={() => form.change({ adapterType: "f32" })}>
              Choose F32
            </Button>
          )}
          <Button size="sm" onClick={retry}>
            Try again
          </Button>
        </>
      }
    />
  );
}
