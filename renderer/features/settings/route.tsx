import { bytes, count } from "@renderer/lib/format";
import { ErrorPanel } from "@renderer/ui/error-panel";
import { Field } from "@renderer/ui/field";
import { Loaded } from "@renderer/ui/loaded";
import { NumberInput } from "@renderer/ui/number-input";
import { Page } from "@renderer/ui/page";
import { Fact, Facts, Panel } from "@renderer/ui/panel";
import { Segmented } from "@renderer/ui/segmented";
import { Select } from "@renderer/ui/select";
import { ShortcutList } from "@renderer/ui/shortcut-list";
import { Switch } from "@renderer/ui/switch";
import type { AppInfo } from "@shared/ipc/contract";
import type { Settings } from "@shared/models/settings";
import { ShieldCheck } from "lucide-react";
import { useState } from "react";
import { useAppInfo, useChangeSettings, useDevices, useSettings } from "./api/settings";
import { DevicesPanel } from "./components/devices-panel";
import { TrainingPanel } from "./components/training-panel";

export default function SettingsRoute() {
  const settings = useSettings();
  const info = useAppInfo();
  return (
    <Page title="Settings">
      <div className="flex flex-col gap-3">
        <div className="grid items-start gap-3 lg:grid-cols-2">
          <div className="flex flex-col gap-3">
            <Loaded query={settings}>
              {(data) => <SettingsPanels settings={data} cores={info.data?.cores ?? null} />}
            </Loaded>
            <NetworkPanel />
            <Loaded query={info}>{(data) => <AboutPanel info={data} />}</Loaded>
          </div>
          <Loaded query={settings}>
            {(data) => <TrainingPanel settings={data} served={info.data?.shell === "served"} />}
          </Loaded>
        </div>
        <DevicesPanel />
        <Panel title="Keyboard shortcuts">
          <ShortcutList />
        </Panel>
      </div>
    </Page>
  );
}

function SettingsPanels({ settings, cores }: { readonly settings: Settings; readonly cores: number | null }) {
  const change = useChangeSettings();
  const devices = useDevices().data?.devices ?? [];
  return (
    <div className="flex flex-col gap-3">
      <Panel title="Appearance">
        <div className="flex flex-col gap-4">
          <div className="flex items-center justify-between gap-4">
            <span>Theme</span>
            <Segmented
              label="Theme"
              value={settings.theme}
              onChange={(theme) => change.mutate({ theme })}
              options={[
                { value: "system", label: "System" },
                { value: "light", label: "Light" },
                { value: "dark", label: "Dark" },
              ]}
            />
          </div>
          <div className="flex items-center justify-between gap-4">
            <span>
              Reduced motion
              <span className="block text-xs text-ink-faint">
                Nothing moves or fades. Your system's own setting is always respected.
              </span>
            </span>
            <Switch
              aria-label="Reduced motion"
              checked={settings.reducedMotion}
              onChange={(reducedMotion) => change.mutate({ reducedMotion })}
            />
          </div>
        </div>
      </Panel>
      <Panel title="Computing" note="for the next run or answer">
        <div className="flex flex-col gap-4">
          <Field
            label="Device"
            hint="Automatic takes the best graphics card that trains the first steps of a model as the CPU does, else the CPU."
          >
            {(control) => (
              <Select
                {...control}
                value={settings.device}
                onChange={(device) => change.mutate({ device })}
                options={[
                  { value: "auto", label: "Automatic" },
                  ...devices
                    .filter(({ gpu }) => !gpu?.unusable)
                    .map(({ id, name, kind }) => ({ value: id, label: kind === "cpu" ? `CPU: ${name}` : name })),
                  ...(settings.device === "auto" || devices.some(({ id }) => id === settings.device)
                    ? []
                    : [{ value: settings.device, label: `${settings.device} (not here now)` }]),
                ]}
              />
            )}
          </Field>
          <ThreadsField threads={settings.threads} cores={cores} onChange={(threads) => change.mutate({ threads })} />
        </div>
      </Panel>
      {change.error && <ErrorPanel title="The setting was not stored" error={change.error} />}
    </div>
  );
}

function ThreadsField({
  threads,
  cores,
  onChange,
}: {
  readonly threads: number;
  readonly cores: number | null;
  readonly onChange: (threads: number) => void;
}) {
  const [refused, setRefused] = useState<number | null>(null);
  const inWords =
    cores === null
      ? "0 uses all cores."
      : `0 uses all ${count(cores)} cores. Fewer keep the machine free for other work.`;
  return (
    <Field label="Threads" hint={inWords} error={refused === null ? null : "A whole number from 0 to 1024."}>
      {(control) => (
        <NumberInput
          {...control}
          className="max-w-40"
          value={refused ?? threads}
          onChange={(value) => {
            const fits = Number.isInteger(value) && value >= 0 && value <= 1024;
            setRefused(fits ? null : value);
            if (fits) onChange(value);
          }}
        />
      )}
    </Field>
  );
}

function NetworkPanel() {
  return (
    <Panel>
      <div className="flex gap-3">
        <ShieldCheck size={20} aria-hidden className="mt-0.5 shrink-0 text-good" />
        <div>
          <h2 className="font-semibold">Hone never uses the network unless you ask</h2>
          <p className="mt-0.5 text-ink-soft">
            Models, examples, runs and adapters stay on this machine. There is no account, no telemetry and no update
            check.
          </p>
        </div>
      </div>
    </Panel>
  );
}

function AboutPanel({ info }: { readonly info: AppInfo }) {
  return (
    <Panel title="About">
      <Facts columns="sm:grid-cols-[8rem_1fr]">
        <Fact name="Version">Hone {info.version}</Fact>
        <Fact name="Shell">{info.shell === "electron" ? "Desktop window" : "Served to a browser"}</Fact>
        <Fact name="Platform">{info.platform}</Fact>
        <Fact name="Machine">
          {count(info.cores)} cores, {bytes(info.memoryBytes)} memory
        </Fact>
        <Fact name="Data folder">
          <span className="font-mono text-sm break-all">{info.dataFolder}</span>
        </Fact>
        <Fact name="Licence">Apache-2.0</Fact>
      </Facts>
    </Panel>
  );
}
