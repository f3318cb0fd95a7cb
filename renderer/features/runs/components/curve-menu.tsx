import { fileName, saveFile } from "@renderer/lib/save-file";
import type { ChartLine } from "@renderer/ui/chart/geometry";
import { chartPng, chartSvg } from "@renderer/ui/chart/picture";
import { Menu } from "@renderer/ui/menu";
import { toast } from "@renderer/ui/toast-store";
import { FileImage, FileSpreadsheet } from "lucide-react";
import type { RefObject } from "react";

/** Saves the figures of the curves as a table, or their picture as it is on the screen, legend included. */
export function CurveMenu({
  name,
  csv,
  frame,
  lines,
  disabled,
}: {
  /** Of the files, and over the picture. */
  readonly name: string;
  readonly csv: () => string;
  /** Holds the drawing. */
  readonly frame: RefObject<HTMLElement | null>;
  readonly lines: readonly ChartLine[];
  readonly disabled: boolean;
}) {
  const picture = async (ending: "svg" | "png") => {
    const chart = frame.current?.querySelector<SVGSVGElement>("svg.chart");
    if (!chart) return;
    const caption = { title: name, legend: lines };
    try {
      saveFile(fileName(name, ending), ending === "svg" ? chartSvg(chart, caption) : await chartPng(chart, caption));
    } catch (error) {
      toast({ tone: "bad", title: "The picture was not saved", text: error instanceof Error ? error.message : "" });
    }
  };
  return (
    <Menu
      label="Save the curve"
      items={[
        {
          label: "Save the figures (CSV)",
          icon: <FileSpreadsheet size={15} />,
          disabled,
          run: () => saveFile(fileName(name, "csv"), new Blob([csv()], { type: "text/csv" })),
        },
        { label: "Save the picture (SVG)", icon: <FileImage size={15} />, disabled, run: () => void picture("svg") },
        { label: "Save the picture (PNG)", icon: <FileImage size={15} />, disabled, run: () => void picture("png") },
      ]}
    />
  );
}
