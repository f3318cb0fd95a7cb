import { loss, rate } from "@renderer/lib/format";
import { ticksUpTo, tickText } from "@renderer/ui/chart/ticks";
import { useWidth } from "@renderer/ui/chart/use-width";
import { Panel } from "@renderer/ui/panel";
import { Select } from "@renderer/ui/select";
import { useMemo, useState } from "react";
import { CartesianGrid, Cell, LabelList, type LabelProps, Scatter, ScatterChart, XAxis, YAxis } from "recharts";
import { type Effect, effects } from "../hooks/effects";
import type { ComparedRun } from "../hooks/use-compared-runs";

const tick = { fill: "var(--ink-faint)", fontSize: 12 };
const height = 200;

/** How the lowest validation loss depends on one setting; there once the runs differ in one. */
export function EffectPanel({ runs }: { readonly runs: readonly ComparedRun[] }) {
  const all = useMemo(() => effects(runs), [runs]);
  const [wanted, setWanted] = useState("");
  const effect = all.find(({ key }) => key === wanted) ?? all[0];
  if (!effect) return null;
  return (
    <Panel
      title="Effect on the best validation loss"
      actions={
        <Select
          aria-label="Setting"
          className="w-48"
          value={effect.key}
          onChange={setWanted}
          options={all.map(({ key, label }) => ({ value: key, label }))}
        />
      }
    >
      <EffectChart
        effect={effect}
        colorOf={(id) => runs.find(({ run }) => run.id === id)?.stroke.color ?? "var(--ink)"}
      />
    </Panel>
  );
}

/** Recharts breaks a text where its dot ends; a name stays on one line. */
function Name({ x, y, value }: LabelProps) {
  return (
    <text x={Number(x) + 5} y={Number(y) - 8} textAnchor="middle" fill="var(--ink-soft)" fontSize={12}>
      {value}
    </text>
  );
}

function EffectChart({
  effect: { key, label, points },
  colorOf,
}: {
  readonly effect: Effect;
  readonly colorOf: (id: string) => string;
}) {
  const [frame, width] = useWidth<HTMLDivElement>();
  const format = key === "learningRate" ? rate : String;
  const xs = points.map(({ x }) => x);
  const low = Math.min(...xs);
  const high = Math.max(...xs);
  // Settings that are doubled and halved, or go by powers of ten.
  const logarithmic = low > 0 && high / low >= 4;
  const room = logarithmic ? (high / low) ** 0.08 : (high - low) * 0.08;
  const { values: yTicks, step } = ticksUpTo(Math.max(...points.map(({ y }) => y)), 4);
  const words = [...points].sort((a, b) => a.x - b.x).map(({ x, y, name }) => `${format(x)}: ${loss(y)} (${name})`);
  return (
    <figure>
      <div ref={frame} style={{ height }} aria-hidden className="num overflow-hidden">
        {width > 0 && (
          <ScatterChart
            width={width}
            height={height}
            margin={{ top: 24, right: 30, bottom: 0, left: 0 }}
            accessibilityLayer={false}
          >
            <CartesianGrid stroke="var(--chart-grid)" vertical={false} />
            <XAxis
              type="number"
              dataKey="x"
              scale={logarithmic ? "log" : "linear"}
              domain={logarithmic ? [low / room, high * room] : [low - room, high + room]}
              ticks={[...new Set(xs)].sort((a, b) => a - b)}
              tick={tick}
              tickLine={false}
              axisLine={{ stroke: "var(--line)" }}
              tickFormatter={format}
              height={26}
              allowDataOverflow
            />
            <YAxis
              type="number"
              dataKey="y"
              width={56}
              domain={[0, yTicks.at(-1) ?? 1]}
              ticks={[...yTicks]}
              tick={tick}
              tickLine={false}
              axisLine={false}
              tickFormatter={(value: number) => tickText(value, step)}
              allowDataOverflow
            />
            <Scatter data={[...points]} isAnimationActive={false}>
              {points.map(({ id }) => (
                <Cell key={id} fill={colorOf(id)} stroke="var(--surface)" />
              ))}
              <LabelList dataKey="name" content={Name} />
            </Scatter>
          </ScatterChart>
        )}
      </div>
      <figcaption className="sr-only">
        {label}. {words.join("; ")}.
      </figcaption>
    </figure>
  );
}
