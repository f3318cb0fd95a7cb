import { bytes, count } from "@renderer/lib/format";
import { Badge } from "@renderer/ui/badge";
import { Switch } from "@renderer/ui/switch";
import type { Device, DeviceCheck, GpuFacts } from "@shared/models/device";

const builds: Readonly<Record<GpuFacts["build"], string>> = {
  discrete: "graphics card",
  integrated: "graphics in the processor",
  virtual: "virtual graphics card",
  software: "computed by the CPU, for tests",
  other: "accelerator",
};

interface DeviceRowProps {
  readonly device: Device;
  readonly check: DeviceCheck | undefined;
  readonly forbidden: boolean;
  readonly onForbid: (forbidden: boolean) => void;
}

export function DeviceRow({ device, check, forbidden, onForbid }: DeviceRowProps) {
  const { name, gpu } = device;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 py-2 first:pt-0">
      <div className="min-w-0 flex-1">
        <div className="flex flex-wrap items-baseline gap-x-4 gap-y-0.5">
          <span className="font-medium">{name}</span>
          <span className="num text-ink-soft">{facts(device)}</span>
          <span className="font-mono text-xs text-ink-faint">{device.features.join(", ")}</span>
        </div>
        {gpu?.unusable && <p className="text-ink-soft">{gpu.unusable}</p>}
        {check && <p className="text-ink-soft">{check.text}</p>}
      </div>
      {check && <Badge tone={check.passed ? "good" : "bad"}>{check.passed ? "test passed" : "test failed"}</Badge>}
      {gpu && !gpu.unusable && gpu.build !== "software" && (
        <span className="flex items-center gap-2">
          <span className="text-ink-soft">In the automatic choice</span>
          <Switch
            aria-label={`${name} in the automatic choice`}
            checked={!forbidden}
            onChange={(allowed) => onForbid(!allowed)}
          />
        </span>
      )}
    </li>
  );
}

function facts({ threads, memoryBytes, gpu }: Device): string {
  if (!gpu) return `${count(threads)} threads, ${bytes(memoryBytes)}`;
  return [
    builds[gpu.build],
    gpu.freeBytes === memoryBytes ? bytes(memoryBytes) : `${bytes(gpu.freeBytes)} of ${bytes(memoryBytes)} free`,
    gpu.driver,
    `Vulkan ${gpu.api}`,
  ].join(", ");
}
