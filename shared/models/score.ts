import { z } from "zod";

/**
 * What counts as a good answer to a held-out question: `exact` the expected text, spaces around it aside; `contains` it within
 * the answer; `json` the same JSON value, however it is written; `loss` how likely the expected text is, answer or not.
 */
export const scoreKinds = ["exact", "contains", "json", "loss"] as const;
export const scoreKindSchema = z.enum(scoreKinds);
export type ScoreKind = z.infer<typeof scoreKindSchema>;

/** How well a model does on held-out rows, by greedy decoding. All that can be measured is; which one matters is a choice. */
export interface Score {
  readonly rows: number;
  /** Shares from 0 to 1; null where rows have no answers (plain text). */
  readonly exactMatch: number | null;
  readonly contains: number | null;
  /** Null as well where an expected answer is not JSON. */
  readonly jsonEqual: number | null;
  /** Mean of -log p over the learned tokens, in nats. */
  readonly loss: number | null;
}

/** The one figure that a kind is about. For `loss` lower is better. */
export function figureOf(score: Score, kind: ScoreKind): number | null {
  switch (kind) {
    case "exact":
      return score.exactMatch;
    case "contains":
      return score.contains;
    case "json":
      return score.jsonEqual;
    case "loss":
      return score.loss;
  }
}

/** What training did beside the task. */
export interface Effect {
  /** Held-out questions that are now answered with another text, of so many. */
  readonly answersChanged: number;
  readonly answers: number;
  /** Mean loss on a neutral text that has nothing to do with the task: what it rises by is forgotten. */
  readonly generalLossBefore: number;
  readonly generalLossAfter: number;
  readonly generalTokens: number;
}
