import { count, counted, loss, percent } from "@renderer/lib/format";
import { type Effect, type ScoreKind, scoreKinds } from "@shared/models/score";

/** What a figure of each kind says, as the beginning of a sentence and as a choice. */
export const kindNames: Readonly<Record<ScoreKind, string>> = {
  exact: "Exact answers",
  contains: "Answers that contain it",
  json: "Same JSON",
  loss: "Loss of the expected answers",
};

export const kindOptions = scoreKinds.map((kind) => ({ value: kind, label: kindNames[kind] }));

/** "93.3 %", or a loss with its digits. */
export function figure(kind: ScoreKind, value: number | null): string {
  if (value === null) return "–";
  return kind === "loss" ? loss(value) : percent(value);
}

/** Whether the model has lost what it knew before, in words. A rise of 0.1 makes every token a tenth less likely. */
export function describeForgetting({ generalLossBefore, generalLossAfter }: Effect): {
  readonly tone: "good" | "info" | "warn";
  readonly words: string;
} {
  const rise = generalLossAfter - generalLossBefore;
  if (rise < -0.02) return { tone: "good", words: "better at it than before" };
  if (rise <= 0.02) return { tone: "good", words: "nothing forgotten" };
  if (rise <= 0.1) return { tone: "info", words: "hardly anything forgotten" };
  if (rise <= 0.5) return { tone: "warn", words: "some of it forgotten" };
  return { tone: "warn", words: "much of it forgotten" };
}

export function describeChanges({ answersChanged, answers }: Effect): string {
  if (answers === 0) return "no questions among the held-out rows";
  if (answersChanged === 0) return `none of ${counted(answers, "answer")}`;
  return `${count(answersChanged)} of ${counted(answers, "answer")}`;
}
