import type { ChartLine } from "./geometry";
import { strokeOf } from "./swatch";

/** What stands around the drawing, so that the picture speaks for itself. */
export interface Caption {
  readonly title: string;
  readonly legend: readonly ChartLine[];
}

/** What a chart's elements get from the style sheet; a picture must bring it along. */
const styled = [
  "fill",
  "fill-opacity",
  "stroke",
  "stroke-opacity",
  "stroke-width",
  "stroke-dasharray",
  "font-family",
  "font-size",
  "font-weight",
  "text-anchor",
  "opacity",
];

/** The colour that an element stands on. */
function groundOf(element: Element): string {
  for (let at: Element | null = element; at; at = at.parentElement) {
    const { backgroundColor } = getComputedStyle(at);
    if (backgroundColor !== "transparent" && !/,\s*0\)$/.test(backgroundColor)) return backgroundColor;
  }
  return "#fff";
}

const titleHeight = 30;
const rowHeight = 22;
const padding = 16;

/** The drawing of a chart as a file of its own, with its caption, on the background that it stands on. */
export function chartSvg(chart: SVGSVGElement, caption: Caption): Blob {
  return new Blob([new XMLSerializer().serializeToString(pictureOf(chart, caption))], { type: "image/svg+xml" });
}

function pictureOf(chart: SVGSVGElement, { title, legend }: Caption): SVGSVGElement {
  const copy = chart.cloneNode(true) as SVGSVGElement;
  const originals = [chart, ...chart.querySelectorAll<SVGElement>("*")];
  const copies = [copy, ...copy.querySelectorAll<SVGElement>("*")];
  for (const [index, original] of originals.entries()) {
    const style = getComputedStyle(original);
    for (const name of styled) copies[index]?.setAttribute(name, style.getPropertyValue(name));
    copies[index]?.removeAttribute("style");
    copies[index]?.removeAttribute("class");
  }
  const { width, height } = chart.getBoundingClientRect();
  const style = getComputedStyle(chart);
  const font = { "font-family": style.fontFamily, "font-size": 13, fill: style.color };
  const picture = element<SVGSVGElement>("svg", {
    xmlns: "http://www.w3.org/2000/svg",
    width,
    height: titleHeight + height + rowHeight * legend.length + padding,
  });
  const y = titleHeight + height + rowHeight / 2;
  picture.append(
    element("rect", { width: "100%", height: "100%", fill: groundOf(chart) }),
    element("text", { x: padding, y: 20, ...font, "font-weight": 600 }, title),
    ...legend.flatMap((line, row) => {
      const at = y + rowHeight * row + padding / 2;
      const { strokeWidth, strokeOpacity, strokeDasharray } = strokeOf(line);
      return [
        element("line", {
          x1: padding,
          x2: padding + 32,
          y1: at,
          y2: at,
          stroke: resolved(line.color, chart),
          "stroke-width": strokeWidth,
          "stroke-opacity": strokeOpacity,
          ...(strokeDasharray ? { "stroke-dasharray": strokeDasharray } : {}),
        }),
        element("text", { x: padding + 42, y: at + 4, ...font }, line.name),
      ];
    }),
  );
  copy.setAttribute("y", `${titleHeight}`);
  copy.setAttribute("width", `${width}`);
  copy.setAttribute("height", `${height}`);
  picture.append(copy);
  return picture;
}

function element<E extends SVGElement = SVGElement>(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  text?: string,
): E {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name) as E;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, `${value}`);
  if (text !== undefined) made.textContent = text;
  return made;
}

/** A colour of the style sheet as it is here and now. */
function resolved(color: string, place: Element): string {
  const probe = element("rect", { fill: color });
  place.append(probe);
  const { fill } = getComputedStyle(probe);
  probe.remove();
  return fill;
}

/** The same in dots, twice as dense as on the screen. */
export async function chartPng(chart: SVGSVGElement, caption: Caption): Promise<Blob> {
  const picture = pictureOf(chart, caption);
  const [width, height] = ["width", "height"].map((side) => Number(picture.getAttribute(side))) as [number, number];
  const url = URL.createObjectURL(
    new Blob([new XMLSerializer().serializeToString(picture)], { type: "image/svg+xml" }),
  );
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = 2 * width;
    canvas.height = 2 * height;
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) => {
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("the picture could not be made"))), "image/png");
    });
  } finally {
    URL.revokeObjectURL(url);
  }
}
