import type { AdapterRecord } from "@shared/models/adapter";
import { figureOf } from "@shared/models/score";
import { figure } from "../hooks/helped";

/** "0 % → 93.3 %" */
export function Scores({ adapter }: { readonly adapter: AdapterRecord }) {
  const { scoreBefore: before, scoreAfter: after } = adapter;
  const kind = adapter.scoreBy ?? "exact";
  if (!after) return <span className="text-ink-faint">not scored</span>;
  return (
    <span className="num">
      {before && <Before>{figure(kind, figureOf(before, kind))}</Before>}
      <strong className="font-semibold">{figure(kind, figureOf(after, kind))}</strong>
    </span>
  );
}

/** The figure of the bare base, with the arrow to that of the adapter. */
export function Before({ children }: { readonly children: string }) {
  return (
    <>
      <span className="text-ink-faint">{children}</span>
      <span aria-hidden className="mx-1 text-ink-faint">
        →
      </span>
      <span className="sr-only"> before, after: </span>
    </>
  );
}
