import { Button } from "@renderer/ui/button";
import { useRange } from "@renderer/ui/chart/link";
import { Segmented } from "@renderer/ui/segmented";
import { Select } from "@renderer/ui/select";
import { Switch } from "@renderer/ui/switch";
import { ZoomOut } from "lucide-react";
import { useId } from "react";
import type { CurveView } from "../hooks/use-curve-view";

/** How the curves are drawn; for all charts of the page. */
export function CurveControls({ view }: { readonly view: CurveView }) {
  const range = useRange(view.link);
  const clip = useId();
  return (
    <div className="flex flex-wrap items-center gap-2">
      {range && (
        <Button size="sm" icon={<ZoomOut size={15} aria-hidden />} onClick={() => view.link.show(null)}>
          Show all
        </Button>
      )}
      <label htmlFor={clip} className="flex items-center gap-1.5 text-sm text-ink-soft">
        <Switch id={clip} checked={view.clip} onChange={(on) => view.change({ clip: on })} />
        Clip spikes
      </label>
      <Select
        aria-label="Smoothing"
        className="w-36"
        value={view.smoothing}
        onChange={(smoothing) => view.change({ smoothing })}
        options={[
          { value: "off", label: "Not smoothed" },
          { value: "light", label: "Smooth a little" },
          { value: "normal", label: "Smooth" },
          { value: "strong", label: "Smooth a lot" },
        ]}
      />
      <Segmented
        label="Drawn over"
        value={view.axis}
        onChange={(axis) => view.change({ axis })}
        options={[
          { value: "step", label: "Steps" },
          { value: "tokens", label: "Tokens" },
          { value: "time", label: "Time" },
        ]}
      />
      <Segmented
        label="Scale"
        value={view.logarithmic ? "log" : "linear"}
        onChange={(scale) => view.change({ logarithmic: scale === "log" })}
        options={[
          { value: "linear", label: "Linear" },
          { value: "log", label: "Log" },
        ]}
      />
    </div>
  );
}
