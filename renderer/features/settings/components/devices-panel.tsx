import { bytes, count } from "@renderer/lib/format";
import { Badge } from "@renderer/ui/badge";
import { Loaded } from "@renderer/ui/loaded";
import { Notice } from "@renderer/ui/notice";
import { Panel } from "@renderer/ui/panel";
import { useDevices, useEngines } from "../api/settings";
import { isTroubled } from "../engine-words";

const states = {
  starting: "starting",
  ready: "ready",
  busy: "at work",
  restarting: "restarting",
  stopped: "stopped",
} as const;
const roles = { training: "Training engine", studio: "Chat engine" } as const;

export function DevicesPanel() {
  const devices = useDevices();
  const engines = useEngines();
  return (
    <Panel
      title="Devices"
      actions={
        <span className="flex flex-wrap gap-1.5">
          {engines.data?.map((engine) => (
            <Badge
              key={engine.role}
              tone={
                isTroubled(engine)
                  ? "bad"
                  : engine.state === "busy"
                    ? "accent"
                    : engine.state === "ready"
                      ? "good"
                      : "neutral"
              }
              title={engine.lastError ? `${engine.lastError.message}\n${engine.lastError.hint}` : undefined}
            >
              {roles[engine.role]}: {isTroubled(engine) ? "failed" : states[engine.state]}
            </Badge>
          ))}
        </span>
      }
    >
      <Loaded query={devices}>
        {({ devices: list, notes }) => (
          <div className="flex flex-col gap-3">
            <ul className="divide-y divide-line">
              {list.map((device) => (
                <li key={device.id} className="flex flex-wrap items-baseline gap-x-4 gap-y-0.5 py-2 first:pt-0">
                  <span className="font-medium">{device.name}</span>
                  <span className="num text-ink-soft">
                    {device.kind === "cpu" ? `${count(device.threads)} threads` : "GPU through Vulkan"},{" "}
                    {bytes(device.memoryBytes)}
                  </span>
                  <span className="font-mono text-xs text-ink-faint">{device.features.join(" ")}</span>
                </li>
              ))}
            </ul>
            {notes.map((note) => (
              <Notice key={note}>{note}</Notice>
            ))}
          </div>
        )}
      </Loaded>
    </Panel>
  );
}
