import type { Stroke } from "@renderer/ui/chart/swatch";

/** `--run-1` to `--run-8` of the style sheet. */
const colors = 8;
/** As many as have no common factor with the colours: every pair of colour and dash comes up before one returns. */
const dashes = [undefined, "7 4", "2 3", "10 3 2 3", "14 5"] as const;

/** How the run at a place of an overlay is drawn: by colour and by dash, so that neither is needed to tell it apart. */
export function strokeAt(place: number): Stroke {
  const dash = dashes[place % dashes.length];
  return { color: `var(--run-${1 + (place % colors)})`, width: 2, ...(dash ? { dash } : {}) };
}
