import { bytes } from "@renderer/lib/format";
import { Button } from "@renderer/ui/button";
import { Digest } from "@renderer/ui/digest";
import { ErrorPanel } from "@renderer/ui/error-panel";
import { Progress } from "@renderer/ui/progress";
import type { PhoneFile, PhoneShare, PhoneTransfer } from "@shared/models/phone";
import { usePrepareFile } from "../api/phone";
import { describeMaking, describeTransfer, fileTitles } from "../hooks/describe-share";

/** What was made for phones, and what each phone has of it. */
export function ShareFiles({ share }: { readonly share: PhoneShare }) {
  const { files, transfers } = share;
  return (
    <section aria-label="Files" className="flex flex-col gap-2">
      {files.length > 0 && <FileList files={files} transfers={transfers} />}
      <Ahead share={share} />
    </section>
  );
}

/** Large files take a while; a phone that comes later finds them ready. */
function Ahead({ share: { apps, files, ended } }: { readonly share: PhoneShare }) {
  const prepare = usePrepareFile();
  const missing = (["android", "iphone"] as const).filter((system) => !files.some(({ kind }) => kind === system));
  if (ended || missing.length === 0) return null;
  return (
    <div className="flex flex-wrap items-center gap-2">
      <span className="w-full text-sm text-ink-soft">
        The phone asks for the file it needs. To have it ready before:
      </span>
      {missing.map((system) => (
        <Button
          key={system}
          size="sm"
          disabled={apps[system].whyNot !== ""}
          title={apps[system].whyNot || `${apps[system].holds}, about ${bytes(apps[system].bytes)}`}
          onClick={() => prepare.mutate(system)}
        >
          Prepare for {system === "android" ? "Android" : "iPhone"} apps
        </Button>
      ))}
      {missing.map(
        (system) =>
          apps[system].whyNot && (
            <p key={system} className="w-full text-sm text-warn">
              {system === "android" ? "Android" : "iPhone"} apps: {apps[system].whyNot}
            </p>
          ),
      )}
    </div>
  );
}

function FileList({ files, transfers }: Pick<PhoneShare, "files" | "transfers">) {
  return (
    <ul className="flex flex-col gap-2">
      {files.map((file) => (
        <li key={file.kind} className="rounded-md border border-line px-3 py-2">
          <FileState file={file} />
          {transfers
            .filter(({ kind }) => kind === file.kind)
            .map((transfer) => (
              <TransferState key={transfer.phone} transfer={transfer} />
            ))}
        </li>
      ))}
    </ul>
  );
}

function FileState({ file }: { readonly file: PhoneFile }) {
  const title = fileTitles[file.kind];
  if (file.state === "failed") return <ErrorPanel title={`${title}: not made`} error={file.error} />;
  if (file.state === "preparing") {
    return (
      <div className="flex flex-col gap-1.5">
        <span className="num">{describeMaking(file)}</span>
        <Progress value={file.progress} label={`Preparing: ${title}`} />
      </div>
    );
  }
  return (
    <div className="flex flex-wrap items-baseline gap-x-2">
      <span className="font-medium">{title}</span>
      <span className="font-mono text-sm break-all text-ink-soft">{file.name}</span>
      <span className="num text-sm text-ink-soft">{file.bytes !== null && bytes(file.bytes)}</span>
      {file.sha256 && <Digest hex={file.sha256} what={`digest of ${file.name}`} />}
    </div>
  );
}

function TransferState({ transfer }: { readonly transfer: PhoneTransfer }) {
  return (
    <div className="mt-1.5 flex flex-col gap-1">
      <span className="num text-sm text-ink-soft">{describeTransfer(transfer)}</span>
      {(transfer.state === "running" || transfer.state === "broken") && (
        <Progress value={transfer.sentBytes / transfer.totalBytes} label={`Sent to ${transfer.phone}`} />
      )}
    </div>
  );
}
