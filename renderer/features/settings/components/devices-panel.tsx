import { Badge } from "@renderer/ui/badge";
import { Loaded } from "@renderer/ui/loaded";
import { Notice } from "@renderer/ui/notice";
import { Panel } from "@renderer/ui/panel";
import { useChangeSettings, useDevices, useEngines, useSettings } from "../api/settings";
import { isTroubled } from "../engine-words";
import { DeviceRow } from "./device-row";

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
  const change = useChangeSettings();
  const forbidden = useSettings().data?.forbiddenDevices ?? [];
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
        {({ devices: list, notes, checks }) => (
          <div className="flex flex-col gap-3">
            <ul className="divide-y divide-line">
              {list.map((device) => (
                <DeviceRow
                  key={device.id}
                  device={device}
                  check={checks.find((check) => check.device === device.id)}
                  forbidden={forbidden.includes(device.id)}
                  onForbid={(forbid) =>
                    change.mutate({
                      forbiddenDevices: [...forbidden.filter((id) => id !== device.id), ...(forbid ? [device.id] : [])],
                    })
                  }
                />
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
