import type { MergePlan } from "@shared/models/merge";

/** Each note once, with the types it holds for: "Q4_K_M, Q4_K_S". */
export function notesByTypes(plans: readonly Pick<MergePlan, "type" | "notes">[]): { note: string; types: string }[] {
  const types = new Map<string, string[]>();
  for (const plan of plans)
    for (const note of plan.notes) types.set(note, [...(types.get(note) ?? []), plan.type.toUpperCase()]);
  return [...types].map(([note, names]) => ({ note, types: names.join(", ") }));
}
