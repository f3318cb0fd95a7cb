import { bytes, digest, percent } from "@renderer/lib/format";
import { tellEvent } from "@renderer/phone/api";
import { ChatNow } from "@renderer/phone/chat-now";
import { systemOf } from "@renderer/phone/device";
import { KeepOnPhone } from "@renderer/phone/keep-on-phone";
import { phoneButton } from "@renderer/phone/look";
import { RunInBrowser } from "@renderer/phone/run-in-browser";
import { Section } from "@renderer/phone/section";
import { useFacts } from "@renderer/phone/use-facts";
import { ErrorPanel } from "@renderer/ui/error-panel";
import { Skeleton } from "@renderer/ui/skeleton";
import type { PhonePageFacts, PhoneProbe } from "@shared/models/phone";
import { Globe, MessagesSquare, Smartphone } from "lucide-react";
import { useEffect, useState } from "react";

type Way = "chat" | "keep" | "browser";

/** The whole page: what is offered, and three ways to use it, the easiest first. */
export function PhoneApp() {
  const { facts, error, set, refresh } = useFacts();
  const [way, setWay] = useState<Way | null>(null);
  const [system, setSystem] = useState(() => systemOf(navigator));
  useEffect(() => void tellEvent({ event: "opened" }).catch(() => undefined), []);
  const toggle = (chosen: Way) => () => setWay(way === chosen ? null : chosen);
  return (
    <main className="mx-auto flex max-w-xl flex-col gap-3 px-4 pt-5 pb-12">
      {error !== null && (
        <ErrorPanel
          error={error}
          actions={
            <button type="button" className={phoneButton()} onClick={refresh}>
              Try again
            </button>
          }
        />
      )}
      {facts === null ? (
        error === null && <Skeleton rows={4} height="h-16" />
      ) : (
        <>
          <Card facts={facts} />
          <Section
            icon={<MessagesSquare size={24} />}
            title="Chat now"
            text="Computed on your computer. Nothing to install."
            open={way === "chat"}
            onToggle={toggle("chat")}
          >
            <ChatNow facts={facts} />
          </Section>
          <Section
            icon={<Smartphone size={24} />}
            title="Keep it on this phone"
            text="One file for an app. Works without the computer afterwards."
            open={way === "keep"}
            onToggle={toggle("keep")}
          >
            <KeepOnPhone facts={facts} set={set} system={system} onSystem={setSystem} />
          </Section>
          <Section
            icon={<Globe size={24} />}
            title="Run in this browser"
            text={
              facts.browser.whyNot[system]
                ? "Not possible with this base on this phone."
                : "A try inside this page, without an app."
            }
            open={way === "browser"}
            onToggle={toggle("browser")}
          >
            <RunInBrowser facts={facts} set={set} system={system} />
          </Section>
          <p className="mt-2 text-sm text-ink-soft">
            Served by Hone on your computer while its sheet is open. Anyone on this network who has the address can use
            it until then.
          </p>
        </>
      )}
    </main>
  );
}

function Card({ facts }: { readonly facts: PhonePageFacts }) {
  const { name, base, adapter, score, probe } = facts;
  return (
    <header className="flex flex-col gap-2 pb-1">
      <h1 className="text-xl font-semibold">{name}</h1>
      <p className="text-sm text-ink-soft">
        {base.name} ({bytes(base.bytes)}) with an adapter of {bytes(adapter.bytes)}, digest{" "}
        <span className="font-mono">{digest(adapter.sha256)}</span>.
        {score &&
          ` Exact answers on ${score.rows} held-out requests: ${score.before === null ? "" : `${percent(score.before)} before, `}${percent(score.after)} after.`}
      </p>
      {probe && <Sample probe={probe} />}
    </header>
  );
}

function Sample({ probe }: { readonly probe: PhoneProbe }) {
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-3 gap-y-1 rounded-lg bg-sunken px-3 py-2.5 text-sm">
      <dt className="text-ink-soft">Asked</dt>
      <dd>{probe.prompt}</dd>
      <dt className="text-ink-soft">Before</dt>
      <dd className="line-clamp-2">{probe.base || "(nothing)"}</dd>
      <dt className="text-ink-soft">After</dt>
      <dd className="line-clamp-2 font-medium">{probe.tuned}</dd>
    </dl>
  );
}
