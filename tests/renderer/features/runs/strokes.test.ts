import { readFileSync } from "node:fs";
import { strokeAt } from "@renderer/features/runs/hooks/strokes";
import { describe, expect, it } from "vitest";

const css = readFileSync(new URL("../../../../renderer/ui/tokens.css", import.meta.url), "utf8");
type Rgb = readonly [number, number, number];

/** Both values of a colour of the style sheet, each channel 0 to 1 in linear light. */
function colorOf(name: string): readonly [light: Rgb, dark: Rgb] {
  const found = new RegExp(`${name}: light-dark\\((#\\w{6}), (#\\w{6})\\)`).exec(css);
  const linear = (hex = "#000000") =>
    [1, 3, 5].map((at) => {
      const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    }) as unknown as Rgb;
  expect(found, name).not.toBeNull();
  return [linear(found?.[1]), linear(found?.[2])];
}

const luminance = ([red, green, blue]: Rgb) => 0.2126 * red + 0.7152 * green + 0.0722 * blue;
function contrast(one: Rgb, other: Rgb): number {
  const [high = 0, low = 0] = [luminance(one), luminance(other)].sort((left, right) => right - left);
  return (high + 0.05) / (low + 0.05);
}

/** Distance in OKLab (Ottosson 2020), whose unit is about the way from black to white. */
function distance(one: Rgb, other: Rgb): number {
  const lab = ([red, green, blue]: Rgb) => {
    const l = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
    const m = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
    const s = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
    return [
      0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
      1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
      0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
    ] as const;
  };
  const [a, b] = [lab(one), lab(other)];
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

/** How colours look to those who lack one kind of cone, in linear light (Viénot, Brettel and Mollon 1999). */
const sights: Readonly<Record<string, (color: Rgb) => Rgb>> = {
  "all cones": (color) => color,
  protanopia: ([red, green, blue]) => {
    const mixed = 0.11238 * red + 0.88762 * green;
    return [mixed, mixed, 0.00401 * red - 0.00401 * green + blue];
  },
  deuteranopia: ([red, green, blue]) => {
    const mixed = 0.29275 * red + 0.70725 * green;
    return [mixed, mixed, -0.02234 * red + 0.02234 * green + blue];
  },
};

const colors = Array.from({ length: 8 }, (_, index) => colorOf(`--run-${index + 1}`));
const grounds = colorOf("--surface");

describe("the runs of an overlay", () => {
  it("have forty different strokes, one after the other", () => {
    const strokes = Array.from({ length: 40 }, (_, place) => JSON.stringify(strokeAt(place)));
    expect(new Set(strokes).size).toBe(40);
    expect(strokeAt(40)).toEqual(strokeAt(0));
  });

  it("differ from their neighbours in colour and in dash", () => {
    for (let place = 0; place < 39; place += 1) {
      expect(strokeAt(place).color).not.toBe(strokeAt(place + 1).color);
      expect(strokeAt(place).dash).not.toBe(strokeAt(place + 1).dash);
    }
  });

  it.each([0, 1])("stand out from the surface by 3 to 1 or more, in light and in dark (%d)", (theme) => {
    for (const [index, color] of colors.entries()) {
      const found = contrast(color[theme] as Rgb, grounds[theme] as Rgb);
      expect(found, `--run-${index + 1}`).toBeGreaterThanOrEqual(3);
    }
  });

  it.each(Object.keys(sights))(
    "can be told apart with %s by their colours alone, most of all where the dash is the same",
    (name) => {
      const see = sights[name] as (color: Rgb) => Rgb;
      for (const theme of [0, 1]) {
        for (let one = 0; one < colors.length; one += 1) {
          for (let other = 0; other < one; other += 1) {
            const away = distance(see(colors[one]?.[theme] as Rgb), see(colors[other]?.[theme] as Rgb));
            const sameDash = strokeAt(one).dash === strokeAt(other).dash;
            expect(away, `--run-${one + 1} and --run-${other + 1}, theme ${theme}`).toBeGreaterThan(
              sameDash ? 0.15 : 0.1,
            );
          }
        }
      }
    },
  );
});
