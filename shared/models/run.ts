import type { ErrorData } from "@shared/errors";
import type { Goal, Recipe } from "@shared/models/recipe";
import type { ScoreKind } from "@shared/models/score";

export const runStates = ["queued", "running", "paused", "done", "failed", "cancelled"] as const;
export type RunState = (typeof runStates)[number];

export interface RunRecord {
  readonly id: string;
  readonly name: string;
  readonly modelId: string;
  readonly datasetId: string;
  readonly goal: Goal;
  readonly recipe: Recipe;
  readonly state: RunState;
  /** Order in the queue among queued runs, lowest first. */
  readonly position: number;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly progress: RunProgress | null;
  readonly error: ErrorData | null;
  readonly adapterId: string | null;
  /** A checkpoint exists from which the run can continue. */
  readonly resumable: boolean;
  /** The sweep that it belongs to. */
  readonly sweepId: string | null;
  /** What counts as a good answer; null: guessed from the data. */
  readonly scoreBy: ScoreKind | null;
  /** Id of the device that computes it from its first step to its last; null before. */
  readonly device: string | null;
  readonly note: string;
}

/** Why training waits although nobody holds the queue. It goes on by itself. */
export type QueueHold =
  /** The battery is below that charge in per cent, and nothing else feeds the machine. */
  | { readonly why: "battery"; readonly floor: number }
  | { readonly why: "heat" }
  | { readonly why: "hours"; readonly opensAt: string }
  /** A run found it full; none begins until there is room again. */
  | { readonly why: "disk" };

/** Whether waiting runs begin by themselves. */
export interface QueueState {
  /** By the person: the run at work goes on to its end, no other begins. */
  readonly held: boolean;
  /** By the machine: the run at work waits, too, at a checkpoint. */
  readonly holds: readonly QueueHold[];
}

/** How a run ended, in words for somebody who does other things. */
export interface RunEnding {
  readonly id: string;
  readonly title: string;
  readonly text: string;
}

/** Where a run stands; sent at most a few times a second. */
export interface RunProgress {
  readonly step: number;
  readonly totalSteps: number;
  /** preparing: reading data; training; validating; sampling; saving. */
  readonly phase: "preparing" | "training" | "validating" | "sampling" | "saving";
  readonly trainLoss: number | null;
  readonly validationLoss: number | null;
  readonly tokensPerSecond: number;
  readonly memoryBytes: number;
  readonly elapsedSeconds: number;
  readonly remainingSeconds: number | null;
}

/** One optimiser step. Loss is the mean over learned tokens of the step. */
export interface MetricPoint {
  readonly step: number;
  readonly trainLoss: number;
  readonly validationLoss: number | null;
  readonly learningRate: number;
  readonly gradientNorm: number;
  readonly tokens: number;
  readonly tokensPerSecond: number;
  readonly memoryBytes: number;
  readonly elapsedSeconds: number;
}

/** An answer to a fixed prompt while training goes on. */
export interface RunSample {
  readonly step: number;
  readonly prompt: string;
  readonly text: string;
  /** What the dataset has as the answer, when the prompt comes from it. */
  readonly expected: string | null;
}

export interface RunLogLine {
  readonly time: string;
  readonly level: "info" | "warning" | "error";
  readonly text: string;
}

/** Everything a run page shows, for a page that opens late. */
export interface RunHistory {
  readonly metrics: readonly MetricPoint[];
  readonly samples: readonly RunSample[];
  readonly log: readonly RunLogLine[];
}
