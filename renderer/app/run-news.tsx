import { useRuns } from "@renderer/features/runs/api/runs";
import { toast } from "@renderer/ui/toast-store";
import type { RunState } from "@shared/models/run";
import { useEffect, useRef } from "react";
import { useLocation } from "wouter";

/** Says when a run ends while its page is not on screen. */
export function RunNews() {
  const { data: runs } = useRuns();
  const [location, go] = useLocation();
  const before = useRef<ReadonlyMap<string, RunState> | null>(null);
  useEffect(() => {
    if (!runs) return;
    const known = before.current;
    before.current = new Map(runs.map(({ id, state }) => [id, state]));
    if (!known) return;
    for (const run of runs) {
      const old = known.get(run.id);
      if (!old || old === run.state || location === `/runs/${run.id}`) continue;
      const action = { label: "Open the run", run: () => go(`/runs/${run.id}`) };
      if (run.state === "done")
        toast({ tone: "good", title: `“${run.name}” is done`, text: "Its adapter is ready to compare.", action });
      if (run.state === "failed") {
        toast({
          tone: "bad",
          title: `“${run.name}” failed`,
          text: run.error?.message ?? "Open it to see why.",
          action,
        });
      }
    }
  }, [runs, location, go]);
  return null;
}
