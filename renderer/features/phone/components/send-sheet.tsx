import { Button } from "@renderer/ui/button";
import { ConfirmDialog, Dialog } from "@renderer/ui/dialog";
import { ErrorPanel } from "@renderer/ui/error-panel";
import { Field } from "@renderer/ui/field";
import { Notice } from "@renderer/ui/notice";
import { Select } from "@renderer/ui/select";
import { Skeleton } from "@renderer/ui/skeleton";
import { Spinner } from "@renderer/ui/spinner";
import { toast } from "@renderer/ui/toast-store";
import type { AdapterRecord } from "@shared/models/adapter";
import type { PhoneShare } from "@shared/models/phone";
import { clsx } from "clsx";
import { CircleCheck, Copy, QrCode, ScanQrCode, TriangleAlert } from "lucide-react";
import { QRCodeSVG } from "qrcode.react";
import { type ReactNode, useState } from "react";
import { useChooseAddress, usePhoneShare, useRenewCode } from "../api/phone";
import { describeShare, type ShareStatus } from "../hooks/describe-share";
import { CablePanel } from "./cable-panel";
import { ConnectHelp } from "./connect-help";
import { ShareFiles } from "./share-files";

/** One code to scan; the adapter is served only while this is open. */
export function SendSheet({ adapter, onClose }: { readonly adapter: AdapterRecord; readonly onClose: () => void }) {
  const { share, error, again } = usePhoneShare(adapter.id);
  const renew = useRenewCode();
  const [asking, setAsking] = useState(false);
  const close = () => (share && isBusy(share) ? setAsking(true) : onClose());
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && close()}
      title={`Send “${adapter.name}” to a phone`}
      description="Scan the code with the phone's camera. The page it opens is served by this computer, only while this sheet is open."
      width="max-w-2xl"
      footer={
        <>
          {share?.ended ? (
            <Button icon={<QrCode size={16} aria-hidden />} onClick={again}>
              Share again
            </Button>
          ) : (
            <Button
              icon={<QrCode size={16} aria-hidden />}
              disabled={!share}
              busy={renew.isPending}
              onClick={() => renew.mutate(undefined)}
            >
              New code
            </Button>
          )}
          <Button variant="primary" onClick={close}>
            Stop and close
          </Button>
        </>
      }
    >
      {error && <ErrorPanel title="It cannot be shared" error={error} />}
      {!error && !share && <Skeleton rows={4} height="h-14" />}
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title="Stop while a phone is being served?"
        text="A file is still on its way. A phone cannot go on with it under the code that comes next."
        action="Stop and close"
        onConfirm={onClose}
      />
      {share && (
        <div className="flex flex-col gap-4">
          <Code share={share} />
          <ShareFiles share={share} />
          <ConnectHelp share={share} />
          <CablePanel share={share} />
        </div>
      )}
    </Dialog>
  );
}

function isBusy({ ended, files, transfers }: PhoneShare): boolean {
  return (
    !ended && (files.some(({ state }) => state === "preparing") || transfers.some(({ state }) => state === "running"))
  );
}

function Code({ share }: { readonly share: PhoneShare }) {
  const { chosen, ended, onNetwork, visitors, files } = share;
  // What a merged file says itself goes before what base and adapter say.
  const proof = files.find((file) => file.proof)?.proof ?? share.probe;
  const copy = async () => {
    await navigator.clipboard?.writeText(chosen.url);
    toast({ tone: "good", title: "Copied" });
  };
  return (
    <div className="flex flex-wrap items-start gap-5">
      <div className={clsx("rounded-lg border border-line bg-white p-1", ended && "opacity-20")}>
        <QRCodeSVG value={chosen.url} size={208} marginSize={3} title="Code with the address of the phone's page" />
      </div>
      <div className="flex min-w-60 flex-1 flex-col gap-3">
        <Status status={describeShare(share)} />
        {!onNetwork && (
          <Notice tone="warn" title="This computer is not on a network">
            Connect it to the Wi-Fi that the phone uses, then open this sheet again.
          </Notice>
        )}
        <div>
          <p className="text-xs text-ink-faint">Or type the address</p>
          <p className="flex items-start gap-1">
            <code className="num min-w-0 font-mono text-sm break-all select-all">{chosen.url}</code>
            <Button
              size="sm"
              variant="ghost"
              aria-label="Copy the address"
              icon={<Copy size={14} aria-hidden />}
              onClick={copy}
            />
          </p>
        </div>
        <Addresses share={share} />
        {visitors.length > 0 && proof && (
          <p className="text-sm text-ink-soft">
            The proof: ask <strong className="font-medium text-ink">{proof.prompt}</strong> and the tuned answer begins{" "}
            <code className="rounded bg-sunken px-1 font-mono text-xs text-ink">{proof.expected}</code>
          </p>
        )}
      </div>
    </div>
  );
}

function Status({ status }: { readonly status: ShareStatus }) {
  return (
    <p role="status" className="num flex items-start gap-2 font-medium">
      <span className="mt-0.5 shrink-0">{icons[status.tone]}</span>
      <span className="min-w-0">{status.text}</span>
    </p>
  );
}

const icons: Readonly<Record<ShareStatus["tone"], ReactNode>> = {
  waiting: <ScanQrCode size={17} aria-hidden className="text-ink-faint" />,
  busy: <Spinner size={17} />,
  good: <CircleCheck size={17} aria-hidden className="text-good" />,
  warn: <TriangleAlert size={17} aria-hidden className="text-warn" />,
};

function Addresses({ share: { addresses, chosen } }: { readonly share: PhoneShare }) {
  const choose = useChooseAddress();
  if (addresses.length < 2) return null;
  return (
    <Field label="Network" hint="The one that the phone is on too; the code follows.">
      {(control) => (
        <Select
          {...control}
          value={chosen.address}
          onChange={(address) => choose.mutate(address)}
          options={addresses.map(({ address, network }) => ({ value: address, label: `${network}: ${address}` }))}
        />
      )}
    </Field>
  );
}
