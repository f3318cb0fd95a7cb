import { useAdapters } from "@renderer/features/adapters/api/adapters";
import { counted, digest, speed } from "@renderer/lib/format";
import { Button, IconButton } from "@renderer/ui/button";
import { ErrorPanel } from "@renderer/ui/error-panel";
import type { GenerationEnd, Provenance } from "@shared/models/chat";
import { Check, Copy, RefreshCw, Square } from "lucide-react";
import { memo, useState } from "react";
import type { Answer } from "../hooks/playground-state";
import { stop } from "../hooks/playground-store";

const reasons: Record<GenerationEnd["reason"], string | null> = {
  end: null,
  "stop-string": "stopped at a stop text",
  length: "reached the longest answer",
  context: "reached the end of the context",
  stopped: "stopped by you",
  failed: "failed",
};

export const AnswerView = memo(function AnswerView({
  answer,
  number,
  onRegenerate,
}: {
  readonly answer: Answer | undefined;
  readonly number: number;
  readonly onRegenerate: () => void;
}) {
  return (
    <article
      aria-label={`Answer of pane ${number}`}
      aria-busy={answer !== undefined && answer.state !== "ended"}
      className="group flex min-w-0 flex-col border-l border-line px-3 py-2.5 first:border-l-0"
    >
      {answer ? (
        <Body answer={answer} onRegenerate={onRegenerate} />
      ) : (
        <Button size="sm" variant="ghost" className="self-start" onClick={onRegenerate}>
          Ask this pane too
        </Button>
      )}
    </article>
  );
});

function Body({ answer, onRegenerate }: { readonly answer: Answer; readonly onRegenerate: () => void }) {
  const done = answer.state === "ended";
  return (
    <>
      <div
        className="min-h-10 flex-1 leading-relaxed break-words whitespace-pre-wrap"
        aria-live={done ? "polite" : "off"}
      >
        {answer.text}
        {!done && (
          <span aria-hidden className="ml-0.5 inline-block h-4 w-1.5 translate-y-0.5 animate-pulse bg-accent" />
        )}
        {done && answer.text === "" && !answer.error && <span className="text-ink-faint">(nothing)</span>}
        {answer.state === "waiting" && <span className="sr-only">Waiting for the first token</span>}
      </div>
      {answer.error && (
        <div className="my-2">
          <ErrorPanel error={answer.error} />
        </div>
      )}
      <div className="mt-2 flex items-end gap-2">
        <div className="num min-w-0 flex-1 text-xs text-ink-faint">
          {answer.end?.provenance && <ProvenanceLine provenance={answer.end.provenance} />}
          {answer.end && answer.end.tokens > 0 && (
            <p>
              {counted(answer.end.tokens, "token")} · {speed(answer.end.tokensPerSecond)}
              {reasons[answer.end.reason] && ` · ${reasons[answer.end.reason]}`}
            </p>
          )}
        </div>
        {done ? (
          <>
            <CopyButton text={answer.text} />
            <IconButton
              label="Regenerate; the same seed and settings give the same answer"
              size="sm"
              onClick={onRegenerate}
            >
              <RefreshCw size={14} aria-hidden />
            </IconButton>
          </>
        ) : (
          answer.generationId && (
            <IconButton
              label="Stop this answer"
              size="sm"
              onClick={() => answer.generationId && stop(answer.generationId)}
            >
              <Square size={13} aria-hidden />
            </IconButton>
          )
        )}
      </div>
    </>
  );
}

/** What the engine says produced the answer, never what the pane was set to. */
function ProvenanceLine({ provenance }: { readonly provenance: Provenance }) {
  const known = useAdapters().data ?? [];
  if (provenance.adapters.length === 0) {
    return (
      <p className="mb-0.5 text-ink-soft" title={provenance.modelName}>
        Base model, no adapter
      </p>
    );
  }
  return (
    <ul className="mb-0.5 text-ink-soft" title={provenance.modelName}>
      {provenance.adapters.map((adapter) => (
        <li key={adapter.digest} className="truncate">
          {known.find((one) => one.digest === adapter.digest)?.name ?? "Adapter"}{" "}
          <span className="font-mono text-accent">{digest(adapter.digest)}</span> ×{" "}
          {Number(adapter.strength.toFixed(2))}
        </li>
      ))}
    </ul>
  );
}

function CopyButton({ text }: { readonly text: string }) {
  const [copied, setCopied] = useState(false);
  return (
    <IconButton
      label={copied ? "Copied" : "Copy the answer"}
      size="sm"
      onClick={() => {
        void navigator.clipboard?.writeText(text);
        setCopied(true);
        setTimeout(() => setCopied(false), 1500);
      }}
    >
      {copied ? <Check size={14} aria-hidden /> : <Copy size={14} aria-hidden />}
    </IconButton>
  );
}
