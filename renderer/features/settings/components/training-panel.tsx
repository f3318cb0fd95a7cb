import { askToNotify, canNotify } from "@renderer/lib/notifications";
import { Button } from "@renderer/ui/button";
import { ErrorPanel } from "@renderer/ui/error-panel";
import { Field, Input } from "@renderer/ui/field";
import { NumberInput } from "@renderer/ui/number-input";
import { Panel } from "@renderer/ui/panel";
import { Segmented } from "@renderer/ui/segmented";
import { Switch } from "@renderer/ui/switch";
import type { Hours, Pace, Settings } from "@shared/models/settings";
import { type ReactNode, useState } from "react";
import { useChangeSettings } from "../api/settings";

const paceTexts: Readonly<Record<Pace, string>> = {
  quiet: "Half the threads, half of the time: fans stay low, runs take about four times as long.",
  balanced: "Three quarters of the threads, four fifths of the time.",
  full: "All the threads, all the time.",
};
const usualHours: Hours = { from: "22:00", to: "07:00" };
const usualFloor = 30;

/** How training behaves on a machine that people also live with. */
export function TrainingPanel({
  settings,
  served,
}: {
  readonly settings: Settings;
  /** In a browser the window asks for the right to show notes. */
  readonly served: boolean;
}) {
  const change = useChangeSettings();
  const onChange = (next: Partial<Settings>) => change.mutate(next);
  const { pace, keepAwake, batteryFloor, pauseOnHeat, hours, notify, measureAfterRun } = settings;
  return (
    <Panel title="Training on this machine">
      <div className="flex flex-col gap-4">
        <Row title="Pace" text={`${paceTexts[pace]} What is learned is the same, bit for bit.`}>
          <Segmented
            label="Pace"
            value={pace}
            onChange={(next) => onChange({ pace: next })}
            options={[
              { value: "quiet", label: "Quiet" },
              { value: "balanced", label: "Balanced" },
              { value: "full", label: "Full" },
            ]}
          />
        </Row>
        <Row title="Keep awake" text="The system does not fall asleep while a run trains. The screen may.">
          <Switch aria-label="Keep awake" checked={keepAwake} onChange={(on) => onChange({ keepAwake: on })} />
        </Row>
        <Row
          title="Wait on a low battery"
          text="At a checkpoint, while nothing else feeds the machine. It goes on by itself."
        >
          <Switch
            aria-label="Wait on a low battery"
            checked={batteryFloor > 0}
            onChange={(on) => onChange({ batteryFloor: on ? usualFloor : 0 })}
          />
        </Row>
        {batteryFloor > 0 && (
          <FloorField floor={batteryFloor} onChange={(floor) => onChange({ batteryFloor: floor })} />
        )}
        <Row title="Wait when it is too hot" text="Where the system tells its heat, until it is cool again.">
          <Switch
            aria-label="Wait when it is too hot"
            checked={pauseOnHeat}
            onChange={(on) => onChange({ pauseOnHeat: on })}
          />
        </Row>
        <Row title="Only at certain hours" text="Outside of them runs wait at a checkpoint.">
          <Switch
            aria-label="Only at certain hours"
            checked={hours !== null}
            onChange={(on) => onChange({ hours: on ? usualHours : null })}
          />
        </Row>
        {hours && <HoursFields hours={hours} onChange={(next) => onChange({ hours: next })} />}
        <Row title="Measure finished runs" text="On up to 50 held-out rows, before the next run begins.">
          <Switch
            aria-label="Measure finished runs"
            checked={measureAfterRun}
            onChange={(on) => onChange({ measureAfterRun: on })}
          />
        </Row>
        <Row title="Tell me when a run has ended" text="A note on the desktop, with the result.">
          <Switch
            aria-label="Tell me when a run has ended"
            checked={notify}
            onChange={(on) => onChange({ notify: on })}
          />
        </Row>
        {notify && served && <BrowserPermission />}
        {change.error && <ErrorPanel title="The setting was not stored" error={change.error} />}
      </div>
    </Panel>
  );
}

function Row({
  title,
  text,
  children,
}: {
  readonly title: string;
  readonly text: string;
  readonly children: ReactNode;
}) {
  return (
    <div className="flex items-center justify-between gap-4">
      <span>
        {title}
        <span className="block text-xs text-ink-faint">{text}</span>
      </span>
      {children}
    </div>
  );
}

function FloorField({ floor, onChange }: { readonly floor: number; readonly onChange: (floor: number) => void }) {
  const [refused, setRefused] = useState<number | null>(null);
  return (
    <Field label="Below, in per cent" error={refused === null ? null : "A whole number from 1 to 95."}>
      {(control) => (
        <NumberInput
          {...control}
          className="max-w-24"
          step={5}
          value={refused ?? floor}
          onChange={(value) => {
            const fits = Number.isInteger(value) && value >= 1 && value <= 95;
            setRefused(fits ? null : value);
            if (fits) onChange(value);
          }}
        />
      )}
    </Field>
  );
}

function HoursFields({ hours, onChange }: { readonly hours: Hours; readonly onChange: (hours: Hours) => void }) {
  return (
    <div className="flex gap-3">
      {(["from", "to"] as const).map((end) => (
        <Field key={end} label={end === "from" ? "From" : "Until"}>
          {(control) => (
            <Input
              {...control}
              type="time"
              className="num max-w-32"
              value={hours[end]}
              // A field that is being emptied has no time to pass on.
              onChange={(event) => event.target.value && onChange({ ...hours, [end]: event.target.value })}
            />
          )}
        </Field>
      ))}
    </div>
  );
}

function BrowserPermission() {
  const [permission, setPermission] = useState(canNotify);
  if (permission === "granted") return null;
  if (permission === "default") {
    return (
      <div>
        <Button size="sm" onClick={() => void askToNotify().then(setPermission)}>
          Allow notes in this browser…
        </Button>
      </div>
    );
  }
  return (
    <p className="text-sm text-ink-faint">
      {permission === "denied"
        ? "This browser was told not to show notes of Hone; its own settings can change that."
        : "This browser shows no notes."}
    </p>
  );
}
