import { count, counted } from "@renderer/lib/format";
import { Button } from "@renderer/ui/button";
import { Loaded } from "@renderer/ui/loaded";
import { Panel } from "@renderer/ui/panel";
import type { RenderedRow, RenderedSegment } from "@shared/models/dataset";
import { useQuery } from "@tanstack/react-query";
import { clsx } from "clsx";
import { TriangleAlert } from "lucide-react";
import { useState } from "react";
import { previewQuery } from "../api/datasets";

const pageSize = 20;

/** Rows exactly as the model will read them. The three kinds differ in colour and in line, so that neither is needed alone. */
const looks: Record<
  RenderedSegment["kind"],
  { readonly className: string; readonly name: string; readonly what: string }
> = {
  learned: {
    className:
      "rounded-sm bg-accent-soft font-medium text-accent-strong underline decoration-accent decoration-2 underline-offset-3",
    name: "Learned",
    what: "the model is corrected on these",
  },
  masked: { className: "text-ink-soft", name: "Masked", what: "read as context only" },
  cut: {
    className: "bg-bad-soft text-bad line-through decoration-1",
    name: "Cut",
    what: "beyond the context length",
  },
};

export function PreviewPanel({
  datasetId,
  modelId,
  contextLength,
}: {
  readonly datasetId: string;
  readonly modelId: string;
  readonly contextLength: number;
}) {
  const [offset, setOffset] = useState(0);
  const query = useQuery(previewQuery({ datasetId, modelId, contextLength, offset, limit: pageSize }));
  return (
    <Panel
      title="As the model will see it"
      actions={
        <ul aria-label="Legend" className="flex flex-wrap gap-x-4 gap-y-1 text-sm">
          {Object.entries(looks).map(([kind, look]) => (
            <li key={kind} title={look.what}>
              <span className={clsx("px-0.5", look.className)}>{look.name}</span>{" "}
              <span className="text-ink-faint max-lg:sr-only">{look.what}</span>
            </li>
          ))}
        </ul>
      }
    >
      <Loaded query={query}>
        {({ rows, total }) => (
          <>
            <ol className={clsx("divide-y divide-line", query.isPlaceholderData && "opacity-60")}>
              {rows.map((row) => (
                <Row key={row.line} row={row} />
              ))}
            </ol>
            {total > pageSize && (
              <nav aria-label="Rows" className="mt-3 flex items-center justify-between gap-3 border-t border-line pt-3">
                <p className="num text-sm text-ink-faint">
                  {count(offset + 1)} to {count(Math.min(offset + pageSize, total))} of {counted(total, "row")}
                </p>
                <div className="flex gap-2">
                  <Button size="sm" disabled={offset === 0} onClick={() => setOffset(Math.max(0, offset - pageSize))}>
                    Previous
                  </Button>
                  <Button size="sm" disabled={offset + pageSize >= total} onClick={() => setOffset(offset + pageSize)}>
                    Next
                  </Button>
                </div>
              </nav>
            )}
          </>
        )}
      </Loaded>
    </Panel>
  );
}

function Row({ row }: { readonly row: RenderedRow }) {
  return (
    <li className="grid grid-cols-[6.5rem_1fr] gap-3 py-2.5">
      <div className="num text-xs text-ink-faint">
        <p className="text-sm">Line {count(row.line)}</p>
        <p>{counted(row.tokens, "token")}</p>
        <p>{count(row.learnedTokens)} learned</p>
      </div>
      <div className="min-w-0">
        <p className="max-h-60 overflow-y-auto font-mono text-sm leading-relaxed break-words whitespace-pre-wrap">
          {row.segments.map((segment, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the segments of a row never move
            <span key={index} className={looks[segment.kind].className}>
              <span className="sr-only">[{looks[segment.kind].name}] </span>
              {segment.text}
            </span>
          ))}
        </p>
        {row.problem && (
          <p className="mt-1.5 flex items-start gap-1.5 text-sm text-warn">
            <TriangleAlert size={15} aria-hidden className="mt-0.5 shrink-0" />
            <span>
              {row.problem.message} <span className="text-ink-soft">{row.problem.hint}</span>
            </span>
          </p>
        )}
      </div>
    </li>
  );
}
