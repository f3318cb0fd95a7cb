import type { Recipe } from "@shared/models/recipe";

/** What is to be said about a run, in plain words. */
export interface Verdict {
  readonly kind:
    | "nothing-learned"
    | "rate-too-high"
    | "not-moving"
    | "overfitting"
    | "best-kept"
    | "rows-cut"
    | "rows-shared"
    | "memory-close"
    | "healthy";
  readonly tone: "good" | "info" | "warn";
  readonly title: string;
  readonly cause: string;
  /** What to try next, as one press of a button; null where settings cannot help. */
  readonly next: { readonly label: string; readonly change: Partial<Recipe> } | null;
}
