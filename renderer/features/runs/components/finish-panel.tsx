import { useAdapter, useCanScore } from "@renderer/features/adapters/api/adapters";
import { DidItHelp } from "@renderer/features/adapters/components/did-it-help";
import { ScoreButton, ScoreProgress } from "@renderer/features/adapters/components/score-button";
import { SendButton } from "@renderer/features/phone/components/send-button";
import { Button, buttonClass } from "@renderer/ui/button";
import { Digest } from "@renderer/ui/digest";
import { CircleCheck, MessagesSquare, PackageCheck } from "lucide-react";
import { Link, useLocation } from "wouter";

/** What a finished run leaves, whether it helped, and the next two steps. */
export function FinishPanel({ adapterId }: { readonly adapterId: string }) {
  const adapter = useAdapter(adapterId);
  const canScore = useCanScore(adapter);
  const [, go] = useLocation();
  if (!adapter) return null;
  return (
    <section aria-label="Result" className="rounded-lg border border-good/40 bg-good-soft px-4 py-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <CircleCheck size={20} aria-hidden className="shrink-0 text-good" />
        <div className="min-w-0 flex-1">
          <p className="font-semibold">The adapter is ready</p>
          <p className="text-ink-soft">
            {adapter.scoreAfter
              ? "Measured on rows that it was not trained on."
              : canScore
                ? "Score it on the held-out rows, or talk to it beside the base model."
                : "Talk to it beside the base model to see what changed."}{" "}
            <Digest hex={adapter.digest} what="adapter's digest" />
          </p>
        </div>
        <div className="flex flex-wrap gap-2">
          <SendButton adapter={adapter} />
          {canScore && <ScoreButton adapter={adapter} />}
          <Link href={`/export/${adapter.id}`} className={buttonClass()}>
            <PackageCheck size={16} aria-hidden />
            Export
          </Link>
          <Button
            variant="primary"
            icon={<MessagesSquare size={16} aria-hidden />}
            onClick={() => go("/playground", { state: { compare: adapter.id } })}
          >
            Compare base and tuned
          </Button>
        </div>
      </div>
      {adapter.scoreAfter && (
        <div className="mt-3 border-t border-good/25 pt-3">
          <DidItHelp adapter={adapter} />
        </div>
      )}
      <ScoreProgress id={adapter.id} />
    </section>
  );
}
