/** How far the logits of one thing are from those of another, on some tokens. */
export interface LogitDistance {
  readonly tokens: number;
  /** Largest difference of a logit. */
  readonly maxDifference: number;
  /** Standard deviation of the logits that were compared with. */
  readonly logitSpread: number;
  /** Mean square of the differences over the variance of the logits: 0 is equal, 1 as far as a constant. */
  readonly meanSquare: number;
  /** Kullback-Leibler divergence in nats, mean over tokens. */
  readonly divergence: number;
  /** Share of tokens with the same likeliest next one, 0 to 1. */
  readonly top1Agreement: number;
}
