import { phoneButton } from "@renderer/phone/look";
import { ProbeVerdict } from "@renderer/phone/probe-verdict";
import { ErrorPanel } from "@renderer/ui/error-panel";
import { Switch } from "@renderer/ui/switch";
import type { PhoneChat, PhoneProbe } from "@shared/models/phone";
import { ArrowUp, Square } from "lucide-react";
import { useRef, useState } from "react";

interface Turn {
  readonly question: string;
  readonly answer: string;
  readonly tuned: boolean;
  /** Asked as the probe: greedy, so that its beginning is known. */
  readonly probe: boolean;
  /** What produced it, once it has ended. */
  readonly origin: string | null;
}

export type Answerer = (chat: PhoneChat, onText: (text: string) => void, signal: AbortSignal) => Promise<string>;

/** A chat for one hand: adapter on or off, the answer as it comes, and what produced it. */
export function Chat({
  name,
  probe,
  answer,
}: {
  readonly name: string;
  readonly probe: PhoneProbe | null;
  /** Gives what produced the answer, in words. */
  readonly answer: Answerer;
}) {
  const [turns, setTurns] = useState<readonly Turn[]>([]);
  const [tuned, setTuned] = useState(true);
  const [text, setText] = useState("");
  const [error, setError] = useState<unknown>(null);
  const stop = useRef<AbortController | null>(null);
  const [busy, setBusy] = useState(false);

  const ask = async (question: string) => {
    const isProbe = question === probe?.prompt;
    const asked: Turn = { question, answer: "", tuned, probe: isProbe, origin: null };
    const before = turns.filter((turn) => turn.tuned === tuned && turn.answer !== "" && !isProbe);
    setTurns([...turns, asked]);
    setText("");
    setError(null);
    setBusy(true);
    const controller = new AbortController();
    stop.current = controller;
    const change = (part: (turn: Turn) => Partial<Turn>) =>
      setTurns((all) => all.map((turn, index) => (index === turns.length ? { ...turn, ...part(turn) } : turn)));
    try {
      const origin = await answer(
        {
          messages: [
            ...before.flatMap((turn) => [
              { role: "user" as const, content: turn.question },
              { role: "assistant" as const, content: turn.answer },
            ]),
            { role: "user", content: question },
          ],
          tuned,
          greedy: isProbe,
        },
        (piece) => change((turn) => ({ answer: turn.answer + piece })),
        controller.signal,
      );
      change(() => ({ origin }));
    } catch (failure) {
      change(() => ({ origin: controller.signal.aborted ? "stopped" : "no answer" }));
      if (!controller.signal.aborted) setError(failure);
    } finally {
      setBusy(false);
    }
  };

  return (
    <div className="flex flex-col gap-3">
      {/* biome-ignore lint/a11y/noLabelWithoutControl: the switch inside is the control. */}
      <label className="flex min-h-11 items-center gap-3">
        <Switch checked={tuned} onChange={setTuned} aria-label={`With “${name}”`} />
        <span className="min-w-0 flex-1">With “{name}”</span>
        <span className="text-sm text-ink-soft">{tuned ? "tuned" : "base only"}</span>
      </label>
      {turns.length > 0 && (
        <ol aria-label="Conversation" aria-live="polite" aria-busy={busy} className="flex flex-col gap-3">
          {turns.map((turn, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: turns are only ever added at the end.
            <li key={index} className="flex flex-col gap-1.5">
              <p className="max-w-[85%] self-end rounded-lg bg-accent-soft px-3 py-2">{turn.question}</p>
              <div className="rounded-lg border border-line bg-surface px-3 py-2">
                <p className="whitespace-pre-wrap">{turn.answer || (turn.origin === null ? "…" : "")}</p>
                {turn.origin !== null && <p className="mt-1 text-xs text-ink-soft">{turn.origin}</p>}
              </div>
              {turn.probe && probe && turn.origin !== null && (
                <ProbeVerdict probe={probe} answer={turn.answer} tuned={turn.tuned} />
              )}
            </li>
          ))}
        </ol>
      )}
      {error !== null && <ErrorPanel error={error} />}
      {probe && !busy && (
        <button type="button" className={phoneButton("quiet", "text-left")} onClick={() => void ask(probe.prompt)}>
          Try: {probe.prompt}
        </button>
      )}
      <form
        className="flex items-end gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          if (text.trim() && !busy) void ask(text.trim());
        }}
      >
        <textarea
          aria-label="Message"
          rows={2}
          maxLength={8000}
          className="min-h-11 min-w-0 flex-1 rounded-lg border border-line-strong bg-surface px-3 py-2 text-ink"
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
            event.preventDefault();
            event.currentTarget.form?.requestSubmit();
          }}
        />
        {busy ? (
          <button type="button" aria-label="Stop" className={phoneButton()} onClick={() => stop.current?.abort()}>
            <Square size={20} aria-hidden />
          </button>
        ) : (
          <button type="submit" aria-label="Send" className={phoneButton("primary")} disabled={!text.trim()}>
            <ArrowUp size={20} aria-hidden />
          </button>
        )}
      </form>
    </div>
  );
}
