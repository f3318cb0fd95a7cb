import { Badge, type Tone } from "@renderer/ui/badge";
import type { RunState } from "@shared/models/run";
import { Check, CircleX, Clock, LoaderCircle, type LucideIcon, Pause, TriangleAlert } from "lucide-react";

const looks: Record<RunState, { readonly tone: Tone; readonly icon: LucideIcon; readonly name: string }> = {
  queued: { tone: "neutral", icon: Clock, name: "Waiting" },
  running: { tone: "accent", icon: LoaderCircle, name: "Running" },
  paused: { tone: "warn", icon: Pause, name: "Paused" },
  done: { tone: "good", icon: Check, name: "Done" },
  failed: { tone: "bad", icon: TriangleAlert, name: "Failed" },
  cancelled: { tone: "neutral", icon: CircleX, name: "Cancelled" },
};

export function RunStateBadge({ state }: { readonly state: RunState }) {
  const { tone, icon: Icon, name } = looks[state];
  return (
    <Badge
      tone={tone}
      icon={<Icon size={12} aria-hidden className={state === "running" ? "animate-spin" : undefined} />}
    >
      {name}
    </Badge>
  );
}
