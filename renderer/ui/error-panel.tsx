import { toErrorData } from "@shared/errors";
import { CircleAlert } from "lucide-react";
import type { ReactNode } from "react";

/** What happened, why, and what to do, with the code small for a report. */
export function ErrorPanel({
  error,
  title,
  actions,
}: {
  /** Anything thrown, or an `ErrorData`. */
  readonly error: unknown;
  readonly title?: string;
  readonly actions?: ReactNode;
}) {
  const data = isErrorShape(error) ? error : toErrorData(error);
  return (
    <div role="alert" className="flex gap-3 rounded-lg border border-bad/40 bg-bad-soft px-4 py-3">
      <CircleAlert size={18} aria-hidden className="mt-0.5 shrink-0 text-bad" />
      <div className="min-w-0 flex-1">
        {title && <p className="font-semibold">{title}</p>}
        <p className={title ? "break-words" : "font-medium break-words"}>{data.message}</p>
        {data.hint && <p className="mt-1 break-words text-ink-soft">{data.hint}</p>}
        <p className="mt-1.5 font-mono text-xs text-ink-faint">{data.code}</p>
        {actions && <div className="mt-2.5 flex flex-wrap gap-2">{actions}</div>}
      </div>
    </div>
  );
}

function isErrorShape(error: unknown): error is { code: string; message: string; hint: string } {
  return (
    typeof error === "object" &&
    error !== null &&
    "code" in error &&
    "message" in error &&
    "hint" in error &&
    typeof error.code === "string" &&
    typeof error.message === "string" &&
    typeof error.hint === "string"
  );
}
