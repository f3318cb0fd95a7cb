import { Button } from "@renderer/ui/button";
import { Disclosure } from "@renderer/ui/disclosure";
import { ErrorPanel } from "@renderer/ui/error-panel";
import { Notice } from "@renderer/ui/notice";
import { Progress } from "@renderer/ui/progress";
import { Segmented } from "@renderer/ui/segmented";
import type { AdbPush, PhoneShare } from "@shared/models/phone";
import { Usb } from "lucide-react";
import { useState } from "react";
import { useAdb, useAdbPush } from "../api/phone";

/** Copies a file over USB where Android's own tool is on this computer. */
export function CablePanel({ share }: { readonly share: PhoneShare }) {
  const adb = useAdb();
  const push = useAdbPush();
  const [kind, setKind] = useState<"android" | "adapter">("android");
  if (!adb?.found || share.ended) return null;
  const busy = adb.push?.state === "preparing" || adb.push?.state === "pushing";
  return (
    <Disclosure summary="Send over USB" note="adb is on this computer">
      <div className="flex flex-col gap-3">
        <div>
          <Segmented
            label="File"
            value={kind}
            onChange={setKind}
            options={[
              { value: "android", label: "Merged file for apps" },
              { value: "adapter", label: "Adapter alone" },
            ]}
          />
        </div>
        {adb.devices.length === 0 && (
          <p className="text-sm text-ink-soft">
            No phone is seen. Plug it in and switch on USB debugging in its developer options.
          </p>
        )}
        {adb.devices.map(({ serial, model, authorised }) => (
          <div key={serial} className="flex flex-wrap items-center justify-between gap-2">
            <span>
              {model} <span className="font-mono text-xs text-ink-faint">{serial}</span>
            </span>
            {authorised ? (
              <Button
                icon={<Usb size={16} aria-hidden />}
                busy={push.isPending || busy}
                onClick={() => push.mutate({ serial, kind })}
              >
                Copy to its downloads
              </Button>
            ) : (
              <span className="text-sm text-warn">Confirm “Allow USB debugging” on the phone</span>
            )}
          </div>
        ))}
        {push.error && <ErrorPanel error={push.error} />}
        {adb.push && <PushState push={adb.push} />}
      </div>
    </Disclosure>
  );
}

function PushState({ push }: { readonly push: AdbPush }) {
  if (push.state === "failed") return <ErrorPanel title="It was not copied" error={push.error} />;
  if (push.state === "verified") {
    return (
      <Notice tone="good" title="Copied and verified">
        <span className="font-mono text-sm break-all">{push.path}</span>: open it from the app's own file picker.
      </Notice>
    );
  }
  return (
    <div role="status" className="flex flex-col gap-1.5 text-sm text-ink-soft">
      {push.state === "preparing" ? "Preparing the file" : "Copying"}
      <Progress value={push.progress} label="Copying over USB" />
    </div>
  );
}
