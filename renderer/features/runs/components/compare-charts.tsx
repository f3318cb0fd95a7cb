import { loss } from "@renderer/lib/format";
import type { ChartMark } from "@renderer/ui/chart/drawing";
import type { ChartLine } from "@renderer/ui/chart/geometry";
import { LineChart } from "@renderer/ui/chart/line-chart";
import { Panel } from "@renderer/ui/panel";
import { type RefObject, useMemo, useRef } from "react";
import { overlayCsv } from "../hooks/curve-csv";
import { describeComparison } from "../hooks/describe-comparison";
import { metricFaces } from "../hooks/metric-faces";
import type { CurveAxis, MetricKey, RunCurves } from "../hooks/run-curves";
import type { ComparedRun } from "../hooks/use-compared-runs";
import { type CurveView, smoothingStrength, useCurveView, xAxes } from "../hooks/use-curve-view";
import { CurveControls } from "./curve-controls";
import { CurveMenu } from "./curve-menu";

/** All metrics of all runs; pointed at and zoomed together. */
export function CompareCharts({ runs }: { readonly runs: readonly ComparedRun[] }) {
  const view = useCurveView();
  const { axis } = view;
  const xEnd = Math.max(1, ...runs.map(({ curves }) => curves?.end(axis) ?? 0));
  const words = useMemo(() => describeComparison(runs), [runs]);
  const training = useMemo(() => trainingLines(runs, view), [runs, view]);
  const validation = useMemo(() => linesOf(runs, "validationLoss", axis), [runs, axis]);
  const best = useMemo(() => bestMarks(runs, axis), [runs, axis]);
  const waiting = runs.some(({ curves, error }) => !curves && !error);
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-2">
        <p className="num min-w-0 grow basis-full text-ink-soft xl:basis-0">
          {waiting ? "Reading the curves…" : words}
        </p>
        <CurveControls view={view} />
      </div>
      <div className="grid grid-cols-1 gap-3 xl:grid-cols-2">
        <LossOverlay title="Validation loss" lines={validation} marks={best} {...{ runs, view, xEnd, words }} />
        <LossOverlay title="Training loss" lines={training} marks={[]} {...{ runs, view, xEnd, words }} />
      </div>
      <div className="grid grid-cols-2 gap-3 xl:grid-cols-4">
        {metricFaces.map((face) => (
          <MetricOverlay key={face.metric} face={face} {...{ runs, view, xEnd }} />
        ))}
      </div>
    </>
  );
}

interface OverlayProps {
  readonly runs: readonly ComparedRun[];
  readonly view: CurveView;
  readonly xEnd: number;
}

function LossOverlay({
  title,
  lines,
  marks,
  runs,
  view,
  xEnd,
  words,
}: OverlayProps & {
  readonly title: string;
  readonly lines: readonly ChartLine[];
  readonly marks: readonly ChartMark[];
  readonly words: string;
}) {
  const frame = useRef<HTMLDivElement>(null);
  const shown = lines.filter(({ quiet }) => !quiet);
  return (
    <Panel title={title} actions={<OverlayMenu {...{ title, frame, runs, view }} lines={shown} />}>
      <div ref={frame}>
        <LineChart
          name={`${title} of ${runs.length} runs`}
          lines={lines}
          marks={marks}
          height={260}
          xAxis={xAxes[view.axis]}
          xEnd={xEnd}
          link={view.link}
          formatY={loss}
          logarithmic={view.logarithmic}
          clip={view.clip}
          summary={words}
        />
      </div>
    </Panel>
  );
}

function OverlayMenu({
  title,
  frame,
  runs,
  view: { axis, link },
  lines,
}: Omit<OverlayProps, "xEnd"> & {
  readonly title: string;
  readonly frame: RefObject<HTMLElement | null>;
  readonly lines: readonly ChartLine[];
}) {
  return (
    <CurveMenu
      name={`${title} of ${runs.length} runs`}
      csv={() =>
        overlayCsv(
          runs.map(({ run: { name }, metrics, curves }) => ({
            name,
            metrics,
            steps: curves?.within(link.range, axis) ?? null,
          })),
        )
      }
      frame={frame}
      lines={lines}
      disabled={lines.length === 0}
    />
  );
}

function MetricOverlay({
  face: { metric, name, format, formatTick },
  runs,
  view: { axis, clip, link },
  xEnd,
}: OverlayProps & { readonly face: (typeof metricFaces)[number] }) {
  const lines = useMemo(() => linesOf(runs, metric, axis, 1.5), [runs, metric, axis]);
  return (
    <Panel title={<span className="text-sm font-medium">{name}</span>}>
      <LineChart
        name={`${name} of ${runs.length} runs`}
        lines={lines}
        height={110}
        xAxis={xAxes[axis]}
        xEnd={xEnd}
        link={link}
        formatY={format}
        formatTick={formatTick}
        clip={clip}
        summary={`${name} of ${runs.map(({ run }) => run.name).join(", ")}.`}
      />
    </Panel>
  );
}

const withCurves = (runs: readonly ComparedRun[]) =>
  runs.flatMap(({ curves, ...rest }) => (curves && curves.length > 0 ? [{ ...rest, curves }] : []));

function linesOf(runs: readonly ComparedRun[], metric: MetricKey, axis: CurveAxis, width = 2): readonly ChartLine[] {
  return withCurves(runs).flatMap(({ run, curves, stroke }) => {
    const trace = curves.trace(metric, axis);
    return trace.length > 0 ? [{ ...stroke, key: run.id, name: run.name, trace, width, dots: true }] : [];
  });
}

/** Smoothed, over the raw lines as far as those leave room: beyond a few runs they are all that one sees. */
function trainingLines(runs: readonly ComparedRun[], { axis, smoothing }: CurveView): readonly ChartLine[] {
  const strength = smoothingStrength[smoothing];
  const there = withCurves(runs);
  const raw = (curves: RunCurves) => curves.trace("trainLoss", axis);
  const opacity = Math.max(0.08, 0.3 / Math.sqrt(there.length));
  return [
    ...(strength === 0
      ? []
      : there.map(({ run, curves, stroke }) => ({
          key: `${run.id} raw`,
          name: run.name,
          trace: raw(curves),
          color: stroke.color,
          width: 1,
          opacity,
          quiet: true,
        }))),
    ...there.map(({ run, curves, stroke }) => ({
      ...stroke,
      key: run.id,
      name: run.name,
      trace: strength === 0 ? raw(curves) : curves.smoothed(axis, strength),
    })),
  ];
}

function bestMarks(runs: readonly ComparedRun[], axis: CurveAxis): readonly ChartMark[] {
  return withCurves(runs).flatMap(({ run, curves, stroke }) =>
    curves.best
      ? [{ key: run.id, x: curves.placeOf(curves.best.step, axis), y: curves.best.loss, color: stroke.color }]
      : [],
  );
}
