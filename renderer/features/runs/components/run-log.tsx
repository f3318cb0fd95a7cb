import { clock } from "@renderer/lib/format";
import type { RunLogLine } from "@shared/models/run";
import { clsx } from "clsx";
import { useLayoutEffect, useRef } from "react";

const shown = 1000;
const inks = { info: "text-ink-soft", warning: "text-warn", error: "text-bad" } as const;

/** Follows the end as long as one is at the end. */
export function RunLog({ log }: { readonly log: readonly RunLogLine[] }) {
  const frame = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  useLayoutEffect(() => {
    const element = frame.current;
    if (element && atEnd.current && log.length > 0) element.scrollTop = element.scrollHeight;
  }, [log]);
  return (
    <div
      ref={frame}
      role="log"
      aria-live="off"
      aria-label="Log"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling frame must be reachable by keyboard
      tabIndex={0}
      onScroll={({ currentTarget: element }) => {
        atEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < 24;
      }}
      className="h-80 overflow-y-auto rounded-lg border border-line bg-surface p-3 font-mono text-xs leading-relaxed"
    >
      {log.length === 0 && <p className="text-ink-faint">The log is empty.</p>}
      {log.length > shown && <p className="text-ink-faint">… {log.length - shown} earlier lines are not shown</p>}
      {log.slice(-shown).map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines have no name of their own and are only added at the end
        <p key={`${line.time} ${index}`} className={clsx("break-words whitespace-pre-wrap", inks[line.level])}>
          <time dateTime={line.time} className="text-ink-faint">
            {clock(line.time)}
          </time>{" "}
          {line.level !== "info" && <span className="font-semibold">{line.level} </span>}
          {line.text}
        </p>
      ))}
    </div>
  );
}
