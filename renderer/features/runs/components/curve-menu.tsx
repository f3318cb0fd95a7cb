import { fileName, saveFile } from "@renderer/lib/save-file";
import { chartPng, chartSvg } from "@renderer/ui/chart/picture";
import { Menu } from "@renderer/ui/menu";
import { toast } from "@renderer/ui/toast-store";
import type { MetricPoint } from "@shared/models/run";
import { FileImage, FileSpreadsheet } from "lucide-react";
import type { RefObject } from "react";
import { curveCsv } from "../hooks/curve-csv";

/** Saves the figures of a curve as a table, or its picture as it is on the screen. */
export function CurveMenu({
  name,
  metrics,
  frame,
}: {
  readonly name: string;
  readonly metrics: readonly MetricPoint[];
  /** Holds the drawing. */
  readonly frame: RefObject<HTMLElement | null>;
}) {
  const picture = async (ending: "svg" | "png") => {
    const chart = frame.current?.querySelector<SVGSVGElement>("svg.recharts-surface");
    if (!chart) return;
    try {
      saveFile(fileName(name, ending), ending === "svg" ? chartSvg(chart) : await chartPng(chart));
    } catch (error) {
      toast({ tone: "bad", title: "The picture was not saved", text: error instanceof Error ? error.message : "" });
    }
  };
  const disabled = metrics.length === 0;
  return (
    <Menu
      label="Save the curve"
      items={[
        {
          label: "Save the figures (CSV)",
          icon: <FileSpreadsheet size={15} />,
          disabled,
          run: () => saveFile(fileName(name, "csv"), new Blob([curveCsv(metrics)], { type: "text/csv" })),
        },
        { label: "Save the picture (SVG)", icon: <FileImage size={15} />, disabled, run: () => void picture("svg") },
        { label: "Save the picture (PNG)", icon: <FileImage size={15} />, disabled, run: () => void picture("png") },
      ]}
    />
  );
}
