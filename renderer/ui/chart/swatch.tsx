import type { ChartLine } from "./geometry";

export type Stroke = Pick<ChartLine, "color" | "width" | "opacity" | "dash">;

/** How a line is drawn, as attributes of SVG. */
export function strokeOf({ color, width = 1.75, opacity = 1, dash }: Stroke) {
  return {
    stroke: color,
    strokeWidth: width,
    strokeOpacity: opacity,
    ...(dash ? { strokeDasharray: dash } : {}),
  };
}

/** A short stroke as the line is drawn: colour, weight and dash. */
export function Swatch({ line }: { readonly line: Stroke }) {
  return (
    <svg width="26" height="8" aria-hidden className="shrink-0">
      <line x1="1" y1="4" x2="25" y2="4" {...strokeOf(line)} />
    </svg>
  );
}

export function Legend({ lines }: { readonly lines: readonly ChartLine[] }) {
  return (
    <ul aria-label="Legend" className="flex flex-wrap gap-x-4 gap-y-1 text-sm text-ink-soft">
      {lines.map((line) => (
        <li key={line.key} className="flex min-w-0 items-center gap-1.5">
          <Swatch line={line} />
          <span className="truncate">{line.name}</span>
        </li>
      ))}
    </ul>
  );
}
