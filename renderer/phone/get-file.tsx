import { bytes, duration } from "@renderer/lib/format";
import { fileUrl, tellEvent } from "@renderer/phone/api";
import { digestOf, download, type Wanted } from "@renderer/phone/download";
import { phoneButton } from "@renderer/phone/look";
import { until } from "@renderer/phone/until";
import type { Facts } from "@renderer/phone/use-facts";
import { ErrorPanel } from "@renderer/ui/error-panel";
import { Notice } from "@renderer/ui/notice";
import { Progress } from "@renderer/ui/progress";
import type { PhoneFileKind, PhonePageFacts } from "@shared/models/phone";
import { Download } from "lucide-react";
import { useEffect, useRef, useState } from "react";

/** Larger ones are left to the browser's own downloads, which write to disk as they go. */
const mostBytesInPage = 400e6;

type Stage =
  | { readonly at: "idle" }
  | { readonly at: "working"; readonly text: string; readonly share: number | null }
  | { readonly at: "verified" };

/** Has a file made, fetches it with its progress, checks its digest and hands it to the phone. */
export function GetFile({
  kind,
  facts,
  set,
  prepare,
}: {
  readonly kind: PhoneFileKind;
  readonly facts: PhonePageFacts;
  readonly set: Facts["set"];
  readonly prepare: () => Promise<void>;
}) {
  const [stage, setStage] = useState<Stage>({ at: "idle" });
  const [file, setFile] = useState<Wanted | null>(null);
  const [error, setError] = useState<unknown>(null);
  const stop = useRef<AbortController | null>(null);
  useEffect(() => () => stop.current?.abort(), []);
  // Phones ask before they save, and read the file only then: the address stays good while the page shows it.
  const [saved, setSaved] = useState<string | null>(null);
  useEffect(() => () => URL.revokeObjectURL(saved ?? ""), [saved]);
  const making = facts.files.find((one) => one.kind === kind && one.state === "preparing");

  const work = async (task: (signal: AbortSignal) => Promise<void>) => {
    const controller = new AbortController();
    stop.current = controller;
    setError(null);
    try {
      await task(controller.signal);
    } catch (failure) {
      if (controller.signal.aborted) return;
      setError(failure);
      setStage({ at: "idle" });
    }
  };
  const verified = async (sha256: string) => {
    set(await tellEvent({ event: "verified", kind, sha256 }));
    setStage({ at: "verified" });
  };
  const get = () =>
    work(async (signal) => {
      setStage({ at: "working", text: "The computer makes the file", share: null });
      await prepare();
      const made = await until(kind, set, signal);
      setFile(made);
      if (made.bytes > mostBytesInPage) return setStage({ at: "idle" });
      const tell = (done: number, more = "") =>
        setStage({
          at: "working",
          text: `${bytes(done)} of ${bytes(made.bytes)}${more}`,
          share: done / made.bytes,
        });
      let done = 0;
      const blob = await download(
        made,
        (now) => {
          done = now;
          tell(now);
        },
        signal,
        () => tell(done, "; the connection dropped and is taken up again"),
      );
      const url = URL.createObjectURL(blob);
      setSaved(url);
      save(url, made.name);
      await verified(made.sha256);
    });
  const check = (picked: File) =>
    work(async (signal) => {
      setStage({ at: "working", text: "Computing the digest of your file", share: 0 });
      const sha256 = await digestOf(
        picked,
        (done) =>
          setStage({
            at: "working",
            text: `Checked ${bytes(done)} of ${bytes(picked.size)}`,
            share: done / picked.size,
          }),
        signal,
      );
      await verified(sha256);
    });

  const large = file !== null && file.bytes > mostBytesInPage;
  const sent = file && facts.transfers.find(({ name }) => name === file.name);
  return (
    <div className="flex flex-col gap-2">
      {stage.at === "working" && (
        <div role="status" className="flex flex-col gap-1.5 text-sm">
          <Progress value={making ? making.progress : stage.share} label={stage.text} />
          {stage.text}
          {making?.remainingSeconds != null && `, about ${duration(making.remainingSeconds)} left`}
          <span className="text-ink-soft">Keep this page open and the screen on.</span>
        </div>
      )}
      {stage.at === "idle" && !large && (
        <button type="button" className={phoneButton("primary")} onClick={() => void get()}>
          <Download size={20} aria-hidden />
          {error === null ? "Download the file" : "Try again"}
        </button>
      )}
      {file && large && (
        <a className={phoneButton("primary")} href={fileUrl(file.name)} download={file.name}>
          <Download size={20} aria-hidden />
          Download {bytes(file.bytes)}
        </a>
      )}
      {large && sent && sent.state !== "verified" && (
        <div role="status" className="flex flex-col gap-1.5 text-sm">
          <Progress value={sent.sentBytes / sent.totalBytes} label="Sent by the computer" />
          {bytes(sent.sentBytes)} of {bytes(sent.totalBytes)} sent
        </div>
      )}
      {stage.at === "verified" && (
        <Notice tone="good" title="It arrived whole">
          Its digest is that of the file on the computer. If the phone asks whether to keep a file from an unencrypted
          address, keep it.
        </Notice>
      )}
      {file && (
        <p className="text-sm text-ink-soft">
          <span className="font-mono break-all text-ink">{file.name}</span>, {bytes(file.bytes)}, SHA-256{" "}
          <span className="font-mono" title={file.sha256}>
            {file.sha256.slice(0, 16)}…
          </span>
        </p>
      )}
      {file && stage.at !== "working" && (
        <p className="text-sm text-ink-soft">
          {!large && (
            <>
              Nothing in your downloads?{" "}
              {saved && (
                <>
                  <a className="text-accent underline" href={saved} download={file.name}>
                    Save it again
                  </a>
                  , or{" "}
                </>
              )}
              <a className="text-accent underline" href={fileUrl(file.name)} download={file.name}>
                use the browser's own download
              </a>
              .{" "}
            </>
          )}
          <label className="inline-block min-h-8 text-accent underline has-focus-visible:outline-2">
            Check a file on this phone
            <input
              type="file"
              className="sr-only"
              onChange={(event) => {
                const [picked] = event.target.files ?? [];
                if (picked) void check(picked);
              }}
            />
          </label>
        </p>
      )}
      {error !== null && <ErrorPanel title="It did not work" error={error} />}
    </div>
  );
}

function save(url: string, name: string): void {
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
}
