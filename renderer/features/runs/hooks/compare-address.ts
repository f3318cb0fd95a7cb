import { useLocation, useSearch } from "wouter";

/** More lines than anybody tells apart; an address may be longer than that. */
const mostRuns = 40;

/** Where chosen runs are compared. The address holds the choice, so that it can be kept and passed on. */
export const compareAddress = (ids: readonly string[]) =>
  `/runs/compare?ids=${ids.map((id) => encodeURIComponent(id)).join(",")}`;

export function idsIn(search: string): readonly string[] {
  const ids = (new URLSearchParams(search).get("ids") ?? "").split(",").filter((id) => id !== "");
  return [...new Set(ids)].slice(0, mostRuns);
}

export function useComparedIds(): readonly [ids: readonly string[], choose: (ids: readonly string[]) => void] {
  const [, go] = useLocation();
  const ids = idsIn(useSearch());
  return [ids, (next) => go(compareAddress(next), { replace: true })];
}
