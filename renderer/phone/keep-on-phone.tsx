import { bytes } from "@renderer/lib/format";
import { prepareFile, tellEvent } from "@renderer/phone/api";
import { systemNames } from "@renderer/phone/device";
import { GetFile } from "@renderer/phone/get-file";
import { phoneButton } from "@renderer/phone/look";
import { fileKind, type PhoneApp, phoneApps } from "@renderer/phone/phone-apps";
import { Expected } from "@renderer/phone/probe-verdict";
import type { Facts } from "@renderer/phone/use-facts";
import { Notice } from "@renderer/ui/notice";
import type { PhoneFileKind, PhonePageFacts, PhoneSystem } from "@shared/models/phone";
import { clsx } from "clsx";
import { type ReactNode, useState } from "react";

/** One file for one app, the taps that app needs, and a proof that the adapter works there. */
export function KeepOnPhone({
  facts,
  set,
  system,
  onSystem,
}: {
  readonly facts: PhonePageFacts;
  readonly set: Facts["set"];
  readonly system: PhoneSystem;
  readonly onSystem: (system: PhoneSystem) => void;
}) {
  const [appId, setAppId] = useState<string | null>(null);
  const apps = phoneApps.filter(({ systems }) => systems.includes(system));
  const app = apps.find(({ id }) => id === appId) ?? null;
  return (
    <div className="flex flex-col gap-4">
      <Choice
        legend="This phone"
        options={(["android", "iphone"] as const).map((id) => ({ id, title: systemNames[id], note: "" }))}
        chosen={system}
        onChoose={onSystem}
        columns="grid-cols-2"
      />
      <Choice
        legend="The app you will use"
        options={apps.map(({ id, name, note }) => ({ id, title: name, note }))}
        chosen={app?.id ?? null}
        onChoose={setAppId}
        columns="grid-cols-1"
      />
      {app && <Steps key={`${system} ${app.id}`} app={app} facts={facts} set={set} system={system} />}
    </div>
  );
}

function Choice<Id extends string>({
  legend,
  options,
  chosen,
  onChoose,
  columns,
}: {
  readonly legend: string;
  readonly options: readonly { readonly id: Id; readonly title: string; readonly note: string }[];
  readonly chosen: Id | null;
  readonly onChoose: (id: Id) => void;
  readonly columns: string;
}) {
  return (
    <fieldset>
      <legend className="mb-1.5 text-sm font-medium">{legend}</legend>
      <div className={clsx("grid gap-2", columns)}>
        {options.map(({ id, title, note }) => (
          <label
            key={id}
            className="flex min-h-11 items-center gap-3 rounded-lg border border-line bg-surface px-3 py-2 has-checked:border-accent has-checked:bg-accent-soft has-focus-visible:outline-2 has-focus-visible:outline-accent"
          >
            <input
              type="radio"
              className="size-4.5 shrink-0 accent-accent"
              name={legend}
              checked={id === chosen}
              onChange={() => onChoose(id)}
            />
            <span className="min-w-0">
              {title}
              {note && <span className="block text-sm text-ink-soft">{note}</span>}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function Steps({
  app,
  facts,
  set,
  system,
}: {
  readonly app: PhoneApp;
  readonly facts: PhonePageFacts;
  readonly set: Facts["set"];
  readonly system: PhoneSystem;
}) {
  const kind = fileKind(app, system);
  const offer = app.loads === "merged" ? facts.apps[system] : null;
  if (offer?.whyNot) {
    return (
      <Notice tone="warn" title="There is no file for this app">
        {offer.whyNot} “Chat now” works on every phone.
      </Notice>
    );
  }
  return (
    <ol className="flex flex-col gap-4">
      <Step number={1} title="Get the file">
        {offer && (
          <p className="mb-2 text-sm text-ink-soft">
            {offer.holds.charAt(0).toUpperCase() + offer.holds.slice(1)}, about {bytes(offer.bytes)}
            {offer.phoneGb === null ? "" : `; for phones with ${offer.phoneGb} GB of memory or more`}.
          </p>
        )}
        {offer?.warnings.map((warning) => (
          <p key={warning} className="mb-2 text-sm text-warn">
            {warning}
          </p>
        ))}
        <GetFile kind={kind} facts={facts} set={set} prepare={async () => set(await prepareFile(kind))} />
      </Step>
      <Step number={2} title={`Open it in ${app.id === "other" || app.id === "adapter" ? "the app" : app.name}`}>
        <ol className="ml-5 list-decimal">
          {app.taps.map((tap) => (
            <li key={tap}>{tap}</li>
          ))}
        </ol>
        {app.warning && <p className="mt-2 text-sm text-warn">{app.warning}</p>}
      </Step>
      <Step number={3} title="See that it works">
        <Proof facts={facts} set={set} kind={kind} />
      </Step>
    </ol>
  );
}

function Step({
  number,
  title,
  children,
}: {
  readonly number: number;
  readonly title: string;
  readonly children: ReactNode;
}) {
  return (
    <li>
      <h3 className="mb-1 font-semibold">
        {number}. {title}
      </h3>
      {children}
    </li>
  );
}

function Proof({
  facts,
  set,
  kind,
}: {
  readonly facts: PhonePageFacts;
  readonly set: Facts["set"];
  readonly kind: PhoneFileKind;
}) {
  const { probeState } = facts;
  // A merged file rounds the weights anew, so what it says itself goes before what base and adapter say.
  const probe = facts.files.find((file) => file.kind === kind)?.proof ?? facts.probe;
  const [works, setWorks] = useState<boolean | null>(null);
  if (!probe) {
    return (
      <p className="text-sm text-ink-soft">
        {probeState === "looking"
          ? "The computer is looking for a question that shows the difference …"
          : "No short question shows the difference; compare a few answers with those under “Chat now”."}
      </p>
    );
  }
  const tell = async (value: boolean) => {
    setWorks(value);
    set(await tellEvent({ event: "probed", works: value }));
  };
  return (
    <div className="flex flex-col gap-2">
      <p>
        Ask the app: <strong className="font-semibold">{probe.prompt}</strong>
      </p>
      <p>
        With the adapter the answer begins: <Expected probe={probe} />
      </p>
      {works === null ? (
        <div className="flex flex-wrap gap-2">
          <button type="button" className={phoneButton("primary")} onClick={() => void tell(true)}>
            Yes, it does
          </button>
          <button type="button" className={phoneButton()} onClick={() => void tell(false)}>
            No, it does not
          </button>
        </div>
      ) : works ? (
        <Notice tone="good">The adapter is active on this phone.</Notice>
      ) : (
        <Notice tone="warn" title="The adapter does not seem to be active">
          Start a new chat in the app, set the temperature to 0 and leave the system prompt empty, and ask again. If it
          still differs, the app may have loaded another file.
        </Notice>
      )}
    </div>
  );
}
