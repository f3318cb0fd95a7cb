import { bytes, count } from "@renderer/lib/format";
import { prepareFile, tellEvent } from "@renderer/phone/api";
import { type Answerer, Chat } from "@renderer/phone/chat";
import { download } from "@renderer/phone/download";
import { phoneButton } from "@renderer/phone/look";
import { until } from "@renderer/phone/until";
import type { Facts } from "@renderer/phone/use-facts";
import type { BrowserModel } from "@renderer/phone/wllama/browser-model";
import { ErrorPanel } from "@renderer/ui/error-panel";
import { Notice } from "@renderer/ui/notice";
import { Progress } from "@renderer/ui/progress";
import type { PhonePageFacts, PhoneSystem } from "@shared/models/phone";
import { useEffect, useMemo, useRef, useState } from "react";

type Stage = { readonly text: string; readonly share: number | null };

/** Base and adapter in this tab's memory, computed by this phone. Gone when the tab is closed. */
export function RunInBrowser({
  facts,
  set,
  system,
}: {
  readonly facts: PhonePageFacts;
  readonly set: Facts["set"];
  readonly system: PhoneSystem;
}) {
  const whyNot = facts.browser.whyNot[system];
  const [stage, setStage] = useState<Stage | null>(null);
  const [model, setModel] = useState<BrowserModel | null>(null);
  const [error, setError] = useState<unknown>(null);
  const stop = useRef<AbortController | null>(null);
  useEffect(() => () => stop.current?.abort(), []);
  useEffect(() => () => void model?.close(), [model]);
  const answer = useMemo(() => (model ? answerer(model) : null), [model]);

  const start = async () => {
    const controller = new AbortController();
    stop.current = controller;
    setError(null);
    try {
      const loaded = await load(facts, set, setStage, controller.signal);
      if (controller.signal.aborted) return void loaded.close();
      setModel(loaded);
      set(await tellEvent({ event: "ran-in-browser" }));
    } catch (failure) {
      if (!controller.signal.aborted) setError(failure);
    } finally {
      setStage(null);
    }
  };

  if (whyNot) {
    return (
      <Notice tone="warn" title="It cannot run in this browser">
        {whyNot} “Chat now” works on every phone.
      </Notice>
    );
  }
  if (model && answer) {
    return (
      <>
        <p className="mb-2 text-sm text-ink-soft">
          This phone computes by itself, with {count(model.threads)} {model.threads === 1 ? "thread" : "threads"}.
          Nothing leaves it. The model is gone when you close this page.
        </p>
        <Chat name={facts.name} probe={facts.probe} answer={answer} />
      </>
    );
  }
  return (
    <div className="flex flex-col gap-3">
      <p className="text-sm text-ink-soft">
        Loads {bytes(facts.browser.bytes + facts.adapter.bytes)} and the engine (up to 17 MB) into this page and
        computes here, slower than an app would. Phones end pages that need too much memory without a word.
      </p>
      {stage ? (
        <div role="status" className="flex flex-col gap-2 text-sm">
          <Progress value={stage.share} label={stage.text} />
          {stage.text}
        </div>
      ) : (
        <button type="button" className={phoneButton("primary")} onClick={() => void start()}>
          Load it into this browser
        </button>
      )}
      {error !== null && <ErrorPanel title="It did not load" error={error} />}
    </div>
  );
}

async function load(
  facts: PhonePageFacts,
  set: Facts["set"],
  tell: (stage: Stage) => void,
  signal: AbortSignal,
): Promise<BrowserModel> {
  tell({ text: "The computer prepares the files", share: null });
  set(await prepareFile("adapter"));
  set(await prepareFile("base"));
  const adapterFile = await until("adapter", set, signal);
  const baseFile = await until("base", set, signal);
  const total = adapterFile.bytes + baseFile.bytes;
  const progress = (before: number) => (done: number) =>
    tell({ text: `${bytes(before + done)} of ${bytes(total)}`, share: (before + done) / total });
  const adapter = await download(adapterFile, progress(0), signal);
  const base = await download(baseFile, progress(adapterFile.bytes), signal);
  tell({ text: `Starting ${facts.base.name}`, share: null });
  const { loadBrowserModel } = await import("@renderer/phone/wllama/browser-model");
  return loadBrowserModel(base, adapter);
}

const answerer =
  (model: BrowserModel): Answerer =>
  async (chat, onText, signal) => {
    const begin = performance.now();
    const tokens = await model.answer(chat, onText, signal);
    const perSecond = tokens / Math.max(0.001, (performance.now() - begin) / 1000);
    return `${chat.tuned ? "with the adapter" : "without the adapter"}, on this phone · ${perSecond.toFixed(1)} tokens/s`;
  };
