import { ChevronRight } from "lucide-react";
import type { ReactNode } from "react";

export function Disclosure({
  summary,
  note,
  children,
  open = false,
}: {
  readonly summary: ReactNode;
  readonly note?: ReactNode;
  readonly children: ReactNode;
  readonly open?: boolean;
}) {
  return (
    <details open={open} className="group rounded-lg border border-line bg-surface">
      <summary className="flex min-h-11 items-center gap-2 rounded-lg px-4 py-2 font-medium hover:bg-hover/60">
        <ChevronRight
          size={16}
          aria-hidden
          className="shrink-0 text-ink-faint transition-transform group-open:rotate-90"
        />
        {summary}
        {note && <span className="text-sm font-normal text-ink-faint">{note}</span>}
      </summary>
      <div className="px-4 pt-1 pb-4">{children}</div>
    </details>
  );
}
