import { Button } from "@renderer/ui/button";
import { Notice } from "@renderer/ui/notice";
import { toast } from "@renderer/ui/toast-store";
import type { RunRecord } from "@shared/models/run";
import { useQuery } from "@tanstack/react-query";
import { RotateCcw } from "lucide-react";
import { useLocation } from "wouter";
import { useRepeatRun, verdictsQuery } from "../api/runs";

/** What looks wrong with a run, why, and the next try as one press. */
export function RunDoctor({ run }: { readonly run: RunRecord }) {
  const verdicts = useQuery(verdictsQuery(run)).data ?? [];
  const repeat = useRepeatRun();
  const [, go] = useLocation();
  if (verdicts.length === 0) return null;
  return (
    <section aria-label="What the run doctor says" className="flex flex-col gap-2">
      {verdicts.map(({ kind, tone, title, cause, next }) => (
        <Notice
          key={kind}
          tone={tone}
          title={title}
          actions={
            next && (
              <Button
                size="sm"
                icon={<RotateCcw size={14} aria-hidden />}
                busy={repeat.isPending}
                onClick={() =>
                  repeat.mutate(
                    { id: run.id, change: next.change },
                    {
                      onSuccess: ({ id }) => go(`/runs/${id}`),
                      onError: (error) =>
                        toast({ tone: "bad", title: "The next try was not started", text: error.message }),
                    },
                  )
                }
              >
                {next.label}
              </Button>
            )
          }
        >
          {cause}
        </Notice>
      ))}
    </section>
  );
}
