import { bytes, count, percent } from "@renderer/lib/format";
import { Button } from "@renderer/ui/button";
import { Digest } from "@renderer/ui/digest";
import { Disclosure } from "@renderer/ui/disclosure";
import { Panel, Stat } from "@renderer/ui/panel";
import { Table, Td, Th } from "@renderer/ui/table";
import { toast } from "@renderer/ui/toast-store";
import type { ExportResult } from "@shared/models/export";
import { CircleCheck } from "lucide-react";
import { GateList } from "./gate-list";

/** What was written and how it was checked. */
export function ExportResultView({
  result,
  reveal,
}: {
  readonly result: ExportResult;
  readonly reveal: () => Promise<{ readonly supported: boolean }>;
}) {
  const { bundle, path, gates } = result;
  const { eval: found } = bundle;
  const show = async () => {
    const shown = await reveal().catch(() => ({ supported: false }));
    if (shown.supported) return;
    await navigator.clipboard?.writeText(path);
    toast({ tone: "info", title: "The path is copied", text: path });
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
          Show it
        </Button>
      }
    >
      <div className="flex flex-col gap-3.5">
        <p className="font-mono text-sm break-all text-ink-soft">{path}</p>
        <dl className="grid grid-cols-3 gap-4">
          <Stat
            name="Same best token"
            value={percent(found.top1_agreement)}
            note={`on ${count(found.tokens)} tokens, ${found.on}`}
          />
          <Stat name="Divergence" value={`${found.kl_merged_vs_adapter.toPrecision(2)} nats`} note="0 is the same" />
          <Stat
            name="Exact answers"
            value={found.exact_answers === null ? "not scored" : percent(found.exact_answers.after)}
            note={found.exact_answers === null ? undefined : `${percent(found.exact_answers.before)} before`}
          />
        </dl>
        <GateList gates={gates} />
        {bundle.warnings.length > 0 && (
          <ul className="flex flex-col gap-1 text-sm text-warn">
            {bundle.warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        )}
        <Table label="Files">
          <thead>
            <tr>
              <Th>File</Th>
              <Th className="text-right">Size</Th>
              <Th>SHA-256</Th>
            </tr>
          </thead>
          <tbody>
            {bundle.files.map((file) => (
              <tr key={file.path}>
                <Td className="font-mono text-sm break-all">{file.path}</Td>
                <Td className="num text-right whitespace-nowrap">{bytes(file.bytes)}</Td>
                <Td>
                  <Digest hex={file.sha256} what={`digest of ${file.path}`} />
                </Td>
              </tr>
            ))}
          </tbody>
        </Table>
        <p className="text-sm text-ink-soft">
          README.md in it says how to load it in each app, and which prompts prove that the adapter is at work.
        </p>
        <Disclosure summary="Manifest" note="hone.json">
          <pre className="max-h-80 overflow-auto rounded-md bg-sunken p-3 font-mono text-xs">
            {JSON.stringify(bundle, null, 2)}
          </pre>
        </Disclosure>
      </div>
    </Panel>
  );
}
