import { useAppInfo, useDevices, useEngines } from "@renderer/features/settings/api/settings";
import { engineWords, isTroubled } from "@renderer/features/settings/engine-words";
import { bytes, counted } from "@renderer/lib/format";
import { clsx } from "clsx";

/** How the machine and the engine stand, in one line. */
export function SystemLine() {
  const info = useAppInfo().data;
  const devices = useDevices().data?.devices;
  const engines = useEngines().data;
  const training = engines?.find(({ role }) => role === "training");
  const trouble = training !== undefined && isTroubled(training);
  const words = [
    training && engineWords(training),
    devices?.[0] &&
      `${devices[0].name}${devices.length > 1 ? ` and ${counted(devices.length - 1, "more device")}` : ""}`,
    info && `${counted(info.cores, "core")}, ${bytes(info.memoryBytes)} memory`,
    "offline: your data stays here",
  ].filter(Boolean);
  return (
    <p className="num flex items-center gap-2 text-sm text-ink-soft">
      <span
        aria-hidden
        className={clsx("size-2 shrink-0 rounded-full", trouble ? "bg-warn" : training ? "bg-good" : "bg-line-strong")}
      />
      <span className="min-w-0">{words.join(" · ")}</span>
      {trouble && training?.lastError && <span className="text-warn">{training.lastError.message}</span>}
    </p>
  );
}
