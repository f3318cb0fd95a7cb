import { bytes, count, percent } from "@renderer/lib/format";
import { Button } from "@renderer/ui/button";
import { Digest } from "@renderer/ui/digest";
import { Disclosure } from "@renderer/ui/disclosure";
import { Panel, Stat } from "@renderer/ui/panel";
import { Table, Td, Th } from "@renderer/ui/table";
import { toast } from "@renderer/ui/toast-store";
import type { ExportResult } from "@shared/models/export";
import { CircleCheck, Copy } from "lucide-react";

/** What was written, how it was checked, and how to load it. */
export function ExportResultView({
  result,
  reveal,
}: {
  readonly result: ExportResult;
  readonly reveal: () => Promise<{ readonly supported: boolean }>;
}) {
  const { manifest, folder } = result;
  const { check } = manifest;
  const show = async () => {
    const shown = await reveal().catch(() => ({ supported: false }));
    if (shown.supported) return;
    await navigator.clipboard?.writeText(folder);
    toast({ tone: "info", title: "The folder's path is copied", text: folder });
  };
  return (
    <Panel
      title={
        <span className="inline-flex items-center gap-2">
          <CircleCheck size={18} aria-hidden className="text-good" />
          Exported and checked
        </span>
      }
      actions={
        <Button size="sm" onClick={show}>
          Show the folder
        </Button>
      }
    >
      <div className="flex flex-col gap-3.5">
        <p className="font-mono text-sm break-all text-ink-soft">{folder}</p>
        <dl className="grid grid-cols-3 gap-4">
          <Stat
            name="Largest logit difference"
            value={check.maxLogitDifference === 0 ? "0" : check.maxLogitDifference.toPrecision(2)}
            note={`at most ${check.tolerance.toPrecision(2)}`}
          />
          <Stat name="Same best token" value={percent(check.top1Agreement)} note={`on ${count(check.tokens)} tokens`} />
          <Stat
            name="Exact answers"
            value={manifest.scores.after === null ? "not scored" : percent(manifest.scores.after)}
            note={manifest.scores.before === null ? undefined : `${percent(manifest.scores.before)} before`}
          />
        </dl>
        <Table label="Files">
          <thead>
            <tr>
              <Th>File</Th>
              <Th className="text-right">Size</Th>
              <Th>SHA-256</Th>
            </tr>
          </thead>
          <tbody>
            {manifest.files.map((file) => (
              <tr key={file.name}>
                <Td className="font-mono text-sm break-all">{file.name}</Td>
                <Td className="num text-right whitespace-nowrap">{bytes(file.bytes)}</Td>
                <Td>
                  <Digest hex={file.sha256} what={`digest of ${file.name}`} />
                </Td>
              </tr>
            ))}
          </tbody>
        </Table>
        <section aria-label="How to load it" className="flex flex-col gap-2">
          <h3 className="text-sm font-semibold">How to load it</h3>
          {manifest.howToLoad.map((way) => (
            <CommandLine key={way.runtime} runtime={way.runtime} command={way.command} />
          ))}
        </section>
        <Disclosure summary="Manifest" note="hone.json">
          <pre className="max-h-80 overflow-auto rounded-md bg-sunken p-3 font-mono text-xs">
            {JSON.stringify(manifest, null, 2)}
          </pre>
        </Disclosure>
      </div>
    </Panel>
  );
}

function CommandLine({ runtime, command }: { readonly runtime: string; readonly command: string }) {
  const copy = async () => {
    await navigator.clipboard?.writeText(command);
    toast({ tone: "good", title: "Copied" });
  };
  return (
    <div>
      <p className="text-sm text-ink-soft">{runtime}</p>
      <div className="flex items-start gap-2 rounded-md bg-sunken py-1 pr-1 pl-3">
        <code className="min-w-0 flex-1 py-1 font-mono text-sm break-all">{command}</code>
        <Button
          size="sm"
          variant="ghost"
          aria-label={`Copy the command for ${runtime}`}
          icon={<Copy size={14} aria-hidden />}
          onClick={copy}
        />
      </div>
    </div>
  );
}
