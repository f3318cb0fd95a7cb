import { count, duration, short } from "@renderer/lib/format";
import type { XAxis } from "@renderer/ui/chart/line-chart";
import { ChartLink } from "@renderer/ui/chart/link";
import { useMemo, useState } from "react";
import type { CurveAxis } from "./run-curves";

export type Smoothing = "off" | "light" | "normal" | "strong";

/** How far each reaches, as `RunCurves.smoothed` takes it. */
export const smoothingStrength: Readonly<Record<Smoothing, number>> = { off: 0, light: 0.25, normal: 1, strong: 4 };

/** How the curves of a page are looked at; all of its charts share it. */
export interface CurveView {
  readonly axis: CurveAxis;
  readonly logarithmic: boolean;
  readonly clip: boolean;
  readonly smoothing: Smoothing;
  readonly link: ChartLink;
  change(change: Partial<Pick<CurveView, "axis" | "logarithmic" | "clip" | "smoothing">>): void;
}

export function useCurveView(): CurveView {
  const [link] = useState(() => new ChartLink());
  const [choice, setChoice] = useState({
    axis: "step" as CurveAxis,
    logarithmic: false,
    clip: false,
    smoothing: "normal" as Smoothing,
  });
  return useMemo(
    () => ({
      ...choice,
      link,
      change: (change) => {
        // Places on the old axis mean nothing on the new one.
        if (change.axis !== undefined && change.axis !== choice.axis) link.reset();
        setChoice({ ...choice, ...change });
      },
    }),
    [choice, link],
  );
}

export const xAxes: Readonly<Record<CurveAxis, XAxis>> = {
  step: { format: (step) => `Step ${count(step)}` },
  tokens: { format: (tokens) => `${count(tokens)} tokens`, formatTick: short },
  time: { format: duration, formatTick: clockTick, time: true },
};

function clockTick(seconds: number): string {
  if (seconds === 0) return "0";
  return seconds < 60 ? `${Number(seconds.toPrecision(6))} s` : duration(seconds);
}
