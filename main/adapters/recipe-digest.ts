import { createHash } from "node:crypto";
import type { Recipe } from "@shared/models/recipe";

/** SHA-256 of a recipe with its names in order, so that equal recipes have equal digests however they were stored. */
export function recipeDigest(recipe: Recipe): string {
  const sorted = Object.fromEntries(Object.entries(recipe).sort(([left], [right]) => (left < right ? -1 : 1)));
  return createHash("sha256").update(JSON.stringify(sorted)).digest("hex");
}
