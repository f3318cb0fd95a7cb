import { ago, count, counted, duration } from "@renderer/lib/format";
import { Badge } from "@renderer/ui/badge";
import { Button } from "@renderer/ui/button";
import { Digest } from "@renderer/ui/digest";
import { ErrorPanel } from "@renderer/ui/error-panel";
import { Loaded } from "@renderer/ui/loaded";
import { Notice } from "@renderer/ui/notice";
import { Panel } from "@renderer/ui/panel";
import { Progress } from "@renderer/ui/progress";
import { Select } from "@renderer/ui/select";
import { Table, Td, Th, Tr } from "@renderer/ui/table";
import type { ProofResult, RunProof, RunResume } from "@shared/models/checkpoint";
import type { RunRecord } from "@shared/models/run";
import { CheckCheck, ShieldCheck } from "lucide-react";
import { useState } from "react";
import { useCheckpoints, useProof, useProve } from "../api/checkpoints";

/** What shows that an interrupted run is what an unbroken one would have been, and a way to see for oneself. */
export function ExactResume({ run }: { readonly run: RunRecord }) {
  return (
    <Loaded query={useProof(run.id)}>
      {(proof) => (
        <div className="flex flex-col gap-3">
          <Resumes proof={proof} />
          <Proofs run={run} proof={proof} />
        </div>
      )}
    </Loaded>
  );
}

function Resumes({ proof }: { readonly proof: RunProof }) {
  const { resumes, checkpoints } = proof;
  const written = `${counted(checkpoints, "checkpoint")} written, each with a checksum over everything the run goes on from.`;
  if (resumes.length === 0) {
    return (
      <Notice title="Nothing has interrupted this run">
        {checkpoints > 0 ? written : "Checkpoints are checked against their checksums when a run goes on from one."}
      </Notice>
    );
  }
  return (
    <Panel title={`Went on ${resumes.length === 1 ? "once" : `${count(resumes.length)} times`}`} note={written}>
      <Table label="Where the run went on">
        <thead>
          <tr>
            <Th>When</Th>
            <Th>From</Th>
            <Th>Checksum when written</Th>
            <Th>When read again</Th>
            <Th>Result</Th>
          </tr>
        </thead>
        <tbody>
          {resumes.map((resume) => (
            <ResumeRow key={resume.time} resume={resume} />
          ))}
        </tbody>
      </Table>
    </Panel>
  );
}

const sources: Readonly<Record<RunResume["from"], string>> = {
  newest: "the newest checkpoint",
  previous: "the checkpoint before it",
  start: "the beginning",
};

function ResumeRow({ resume }: { readonly resume: RunResume }) {
  const { from, step, checksum, written } = resume;
  return (
    <Tr>
      <Td className="whitespace-nowrap">{ago(resume.time)}</Td>
      <Td className="num">{from === "start" ? sources.start : `step ${count(step)}, ${sources[from]}`}</Td>
      <Td className="font-mono text-sm">{written ?? "–"}</Td>
      <Td className="font-mono text-sm">{checksum ?? "–"}</Td>
      <Td>
        {checksum === null ? (
          <Badge tone="warn">no checkpoint was whole</Badge>
        ) : written === null ? (
          <Badge tone="good">whole</Badge>
        ) : written === checksum ? (
          <Badge tone="good" icon={<CheckCheck size={12} aria-hidden />}>
            the same
          </Badge>
        ) : (
          <Badge tone="bad">another one</Badge>
        )}
      </Td>
    </Tr>
  );
}

function Proofs({ run, proof }: { readonly run: RunRecord; readonly proof: RunProof }) {
  const checkpoints = useCheckpoints(run.id).data ?? [];
  const prove = useProve(run.id);
  const [from, setFrom] = useState("");
  const toStep = run.progress?.step ?? 0;
  const starts = checkpoints.filter(({ step }) => step < toStep);
  return (
    <Panel
      title="Prove it"
      note="computes the rest once more and compares the adapters, bit for bit"
      actions={
        !proof.whyNot && (
          <>
            <Select
              aria-label="From which checkpoint"
              className="w-56"
              value={from}
              onChange={setFrom}
              options={[
                { value: "", label: "From its last resume" },
                ...starts.map(({ step }) => ({
                  value: String(step),
                  label: `From step ${count(step)}, ${count(toStep - step)} to go`,
                })),
              ]}
            />
            <Button
              icon={<ShieldCheck size={16} aria-hidden />}
              busy={prove.isPending || proof.working !== null}
              onClick={() => prove.mutate(from === "" ? undefined : Number(from))}
            >
              Prove it
            </Button>
          </>
        )
      }
    >
      <div className="flex flex-col gap-3">
        {proof.whyNot && <p className="text-ink-soft">{proof.whyNot}</p>}
        {proof.digest && (
          <p className="text-ink-soft">
            The adapter as this run left it: <Digest hex={proof.digest} what="adapter's digest" />
          </p>
        )}
        {proof.working && <Working working={proof.working} />}
        {(prove.error ?? proof.error) && <ErrorPanel title="It came to no result" error={prove.error ?? proof.error} />}
        {[...proof.results].reverse().map((result) => (
          <Result key={result.time} result={result} />
        ))}
      </div>
    </Panel>
  );
}

function Working({ working }: { readonly working: NonNullable<RunProof["working"]> }) {
  const { waiting, fromStep, step, toStep } = working;
  return (
    <div role="status">
      <p className="num mb-1.5 text-sm text-ink-soft">
        {waiting
          ? "Waiting for the run at work to end."
          : `Step ${count(step)} of ${count(toStep)}, begun at ${count(fromStep)}.`}
      </p>
      <Progress value={waiting ? null : (step - fromStep) / Math.max(1, toStep - fromStep)} label="Computing again" />
    </div>
  );
}

function Result({ result }: { readonly result: ProofResult }) {
  const same = result.expected === result.found;
  const steps = `Steps ${count(result.fromStep + 1)} to ${count(result.toStep)} computed again in ${duration(result.seconds)}, ${ago(result.time)}`;
  return (
    <Notice tone={same ? "good" : "warn"} title={same ? "The same, bit for bit" : "Not the same"}>
      <p className="num">
        {steps}: <Digest hex={result.found} what="digest of the repetition" />.
        {!same && " Another device or another version of Hone computes other bits; so does a damaged adapter."}
      </p>
    </Notice>
  );
}
