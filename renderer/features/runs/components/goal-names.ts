import type { Goal } from "@shared/models/recipe";

export const goalNames: Record<Goal, string> = {
  format: "A format",
  style: "A style",
  knowledge: "Knowledge",
  try: "Just a try",
};

export const goalTexts: Record<Goal, string> = {
  format: "Exact answers in a fixed shape, such as JSON calls.",
  style: "The same things said in another voice.",
  knowledge: "Facts the model does not know yet. Takes longest.",
  try: "A short run to see whether all works.",
};
