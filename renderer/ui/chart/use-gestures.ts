import { type KeyboardEvent, type PointerEvent, type RefObject, useCallback, useEffect, useRef, useState } from "react";
import { type ChartLine, margin, type Plot, pixelToX } from "./geometry";
import type { ChartLink } from "./link";
import type { Range } from "./thin";
import { firstFrom } from "./trace";
import { clampRange, panRange, zoomRange } from "./view";

interface GestureOptions {
  readonly element: RefObject<HTMLElement | null>;
  readonly link: ChartLink;
  readonly plot: Plot;
  readonly lines: readonly ChartLine[];
  /** The whole x axis. */
  readonly full: Range;
}

/** Narrower selections are slips of the hand. */
const leastPixels = 6;
/** A notch of a wheel, about 100 pixels, zooms by a fifth. */
const zoomPerPixel = 0.002;

/** Pointing, selecting a part with the pointer, zooming and moving by wheel and by keys. Places are told to `link`. */
export function useGestures({ element, link, plot, lines, full }: GestureOptions) {
  const [selection, setSelection] = useState<Range | null>(null);
  const [pointed, setPointed] = useState(false);
  const startedAt = useRef<number | null>(null);
  const latest = useRef({ plot, full });
  latest.current = { plot, full };

  /** Where the pointer is inside the frame; a place outside counts as its edge. */
  const placeOf = useCallback(
    (event: { readonly clientX: number }): number => {
      const left = element.current?.getBoundingClientRect().left ?? 0;
      const { plot: now } = latest.current;
      const pixel = Math.min(Math.max(event.clientX - left, margin.left), now.width - margin.right);
      return pixelToX(now, pixel);
    },
    [element],
  );

  useEffect(() => {
    const current = element.current;
    if (!current) return;
    const onWheel = (event: WheelEvent) => {
      const { plot: now, full: whole } = latest.current;
      // The wheel alone moves the page; with a key, or as a pinch on a touch pad, it is meant for the chart.
      const zooms = event.ctrlKey || event.metaKey || event.altKey;
      const sideways = event.shiftKey ? event.deltaX || event.deltaY : event.deltaX;
      if (zooms) {
        event.preventDefault();
        const factor = Math.exp(event.deltaY * zoomPerPixel);
        link.show(zoomRange(now.x, placeOf(event), factor, whole));
      } else if (link.range && Math.abs(sideways) > Math.abs(event.shiftKey ? 0 : event.deltaY)) {
        event.preventDefault();
        link.show(panRange(now.x, sideways / now.width, whole));
      }
    };
    // React's own wheel events cannot be kept from scrolling the page.
    current.addEventListener("wheel", onWheel, { passive: false });
    return () => current.removeEventListener("wheel", onWheel);
  }, [element, link, placeOf]);

  const select = (range: Range | null) => {
    startedAt.current = null;
    setSelection(null);
    if (range) link.show(range);
  };

  return {
    selection,
    pointed,
    handlers: {
      onPointerDown: (event: PointerEvent) => {
        if (event.button !== 0) return;
        startedAt.current = placeOf(event);
        event.currentTarget.setPointerCapture(event.pointerId);
      },
      onPointerMove: (event: PointerEvent) => {
        setPointed(true);
        const place = placeOf(event);
        link.point(place);
        const from = startedAt.current;
        if (from !== null) setSelection([Math.min(from, place), Math.max(from, place)]);
      },
      onPointerUp: () => {
        const share = selection ? (selection[1] - selection[0]) / (plot.x[1] - plot.x[0]) : 0;
        select(selection && share * plot.width > leastPixels ? clampRange(selection, full) : null);
      },
      onPointerCancel: () => select(null),
      onPointerLeave: () => {
        setPointed(false);
        if (startedAt.current === null) link.point(null);
      },
      onDoubleClick: () => link.show(null),
      onBlur: () => {
        setPointed(false);
        link.point(null);
      },
      onKeyDown: (event: KeyboardEvent) => {
        const move = keyMove(event, { link, plot, lines, full });
        if (!move) return;
        event.preventDefault();
        setPointed(true);
        move();
      },
    },
  };
}

/** What a key does in a chart; undefined for keys that mean nothing there. */
function keyMove(
  event: KeyboardEvent,
  { link, plot, lines, full }: Omit<GestureOptions, "element">,
): (() => void) | undefined {
  if (event.ctrlKey || event.metaKey || event.altKey) return undefined;
  const [from, to] = plot.x;
  const at = link.cursor ?? to;
  const stride = event.shiftKey ? 10 : 1;
  switch (event.key) {
    case "ArrowLeft":
      return () => step(link, lines, plot, full, at, -stride);
    case "ArrowRight":
      return () => step(link, lines, plot, full, at, stride);
    case "Home":
      return () => link.point(from);
    case "End":
      return () => link.point(to);
    case "+":
    case "=":
      return () => link.show(zoomRange(plot.x, at, 0.5, full));
    case "-":
      return () => link.show(zoomRange(plot.x, at, 2, full));
    case "PageUp":
      return () => link.show(link.range && panRange(plot.x, -0.5, full));
    case "PageDown":
      return () => link.show(link.range && panRange(plot.x, 0.5, full));
    case "0":
      return () => link.show(null);
    case "Escape":
      // Once everything is seen, Escape means whatever it means outside.
      return link.range ? () => link.show(null) : undefined;
    default:
      return undefined;
  }
}

/** To a neighbouring point of the line with the most points; at least a pixel, and the view follows. */
function step(link: ChartLink, lines: readonly ChartLine[], plot: Plot, full: Range, at: number, points: number): void {
  const densest = lines.reduce<ChartLine | undefined>(
    (best, line) => (!best || line.trace.length > best.trace.length ? line : best),
    undefined,
  );
  if (!densest || densest.trace.length === 0) return;
  const { trace } = densest;
  const [from, to] = plot.x;
  const pixel = ((to - from) / plot.width) * Math.abs(points);
  const here = firstFrom(trace, at);
  const behind = Math.min(Math.max(here + points, 0), trace.length - 1);
  const there =
    points > 0
      ? Math.max(behind, Math.min(firstFrom(trace, at + pixel), trace.length - 1))
      : Math.min(behind, Math.max(firstFrom(trace, at - pixel), 0));
  const place = trace.x[there] as number;
  link.point(place);
  if (place < from || place > to) link.show(panRange(plot.x, place < from ? -0.5 : 0.5, full));
}
