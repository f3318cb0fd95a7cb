import { readFileSync } from "node:fs";
import type { Locator, Page } from "playwright";
import { describe, expect, it } from "vitest";
import { launchBrowser } from "../support/browser";
import { smoothness, wander, wheel } from "../support/frames";
import { type LongRunOptions, type LongRuns, withLongRuns } from "../support/long-run";
import { tempFolder } from "../support/temp-folder";

/** A window on long runs, in a browser of its own: one that has drawn much is slow to open another. Complaints fail the test. */
async function withWindow(
  options: LongRunOptions,
  work: (page: Page, studio: LongRuns) => Promise<void>,
): Promise<void> {
  await withLongRuns(await tempFolder(), options, async (studio) => {
    const browser = await launchBrowser();
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    const complaints: string[] = [];
    page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(String(error)));
    try {
      await page.goto(studio.url);
      await page.getByRole("navigation").first().getByRole("link", { name: "Runs" }).click();
      await work(page, studio);
      expect(complaints).toEqual([]);
    } finally {
      await browser.close();
    }
  });
}

const chart = (page: Page, name: string) => page.getByRole("application", { name });

async function openRun(page: Page): Promise<Locator> {
  await page.getByRole("link", { name: "Long run 1" }).click();
  const loss = chart(page, "Loss of Long run 1");
  await loss.locator("path[data-points]").first().waitFor({ timeout: 60_000 });
  return loss;
}

const pointsDrawn = (page: Page) =>
  page
    .locator("path[data-points]")
    .evaluateAll((paths) => paths.reduce((sum, path) => sum + Number(path.getAttribute("data-points")), 0));

describe("the curves of a run of 100,000 steps", () => {
  it("draw as many points as the window can show, and little work keeps them following pointer, zoom and growth", async () => {
    await withWindow({ steps: 100_000 }, async (page, { grow }) => {
      await openRun(page);
      const loss = "Loss of Long run 1";
      // Two for each pixel of width at most, of three lines and four small charts.
      const most = 2 * (3 * 1100 + 4 * 300);
      expect(await pointsDrawn(page)).toBeLessThan(most);
      const hover = await smoothness(page, () => wander(page, loss, 1500));
      const zoom = await smoothness(page, () => wheel(page, loss, 1500));
      expect(await pointsDrawn(page)).toBeLessThan(most);
      await chart(page, loss).dblclick();
      const live = await smoothness(page, async () => {
        const growing = setInterval(() => grow(6), 200);
        await wander(page, loss, 2500);
        clearInterval(growing);
      });
      expect(await pointsDrawn(page)).toBeLessThan(most);
      // A frame of 50 in a second takes 20 ms; the window's thread may need half of that on a slow machine.
      for (const { workMs } of [hover, zoom, live]) expect(workMs).toBeLessThan(10);
    });
  });
});

describe("the curves of a run", () => {
  it("are pointed at, zoomed and read by pointer and by keys, all together", async () => {
    await withWindow({ steps: 2000 }, async (page) => {
      const loss = await openRun(page);
      const box = await loss.boundingBox();
      if (!box) throw new Error("the chart is not there");
      const xLabels = (name: string) => chart(page, name).locator('text[text-anchor="middle"]').allTextContents();
      expect(await xLabels("Learning rate")).toEqual(["0", "1,000", "2,000"]);
      await page.mouse.move(box.x + box.width / 2, box.y + 60);
      await loss.getByText("Training, smoothed").waitFor();
      // The rule stands in the other charts, too.
      await expect.poll(() => chart(page, "Gradient norm").locator("div.w-px").count()).toBe(1);

      await page.mouse.move(box.x + 300, box.y + 60);
      await page.mouse.down();
      await page.mouse.move(box.x + 600, box.y + 80, { steps: 4 });
      await page.mouse.up();
      await page.getByRole("button", { name: "Show all" }).waitFor();
      expect(await xLabels("Learning rate")).not.toContain("2,000");
      await page.mouse.dblclick(box.x + 400, box.y + 60);
      expect(await xLabels("Learning rate")).toContain("2,000");

      await loss.focus();
      await page.keyboard.press("Home");
      await page.keyboard.press("ArrowRight");
      await expect
        .poll(() => page.getByRole("status").allTextContents())
        .toContainEqual(expect.stringMatching(/^Step \d+: Training, each step [\d.]+, Training, smoothed [\d.]+/));
      await page.keyboard.press("+");
      await page.getByRole("button", { name: "Show all" }).waitFor();
      await page.keyboard.press("Escape");
      await expect.poll(() => page.getByRole("button", { name: "Show all" }).count()).toBe(0);
    });
  });

  it("are drawn over tokens and time, clipped, smoothed and saved as figures and pictures", async () => {
    await withWindow({ steps: 2000 }, async (page) => {
      const loss = await openRun(page);
      await page.getByRole("radio", { name: "Time" }).click();
      await expect.poll(() => loss.locator("text").allTextContents()).toContain("30 s");
      await page.getByRole("radio", { name: "Tokens" }).click();
      await expect.poll(() => loss.locator("text").allTextContents()).toContainEqual(expect.stringMatching(/^\d M$/));
      await page.getByRole("switch", { name: "Clip spikes" }).click();
      await page.getByLabel("Smoothing").selectOption("off");
      await expect.poll(() => page.getByText("Training, smoothed").count()).toBe(0);
      const save = async (item: string) => {
        await page.getByRole("button", { name: "Save the curve" }).click();
        const [file] = await Promise.all([
          page.waitForEvent("download"),
          page.getByRole("menuitem", { name: item }).click(),
        ]);
        return { name: file.suggestedFilename(), content: readFileSync(await file.path()) };
      };
      const csv = await save("Save the figures (CSV)");
      expect(csv.name).toBe("Long-run-1.csv");
      expect(csv.content.toString().trim().split("\r\n")).toHaveLength(2001);
      const svg = (await save("Save the picture (SVG)")).content.toString();
      expect(svg).toMatch(/^<svg /);
      expect(svg).toContain("Validation");
      expect(svg).not.toContain("var(--");
      const png = (await save("Save the picture (PNG)")).content;
      expect(png.subarray(1, 4).toString()).toBe("PNG");
    });
  });
});

describe("runs over one another", () => {
  it("are chosen in the list, told apart, kept in the address, and shown with what makes them differ", async () => {
    await withWindow({ steps: 1000, runs: 3 }, async (page) => {
      await page.getByRole("checkbox", { name: "Compare Long run 1" }).check();
      await page.getByRole("checkbox", { name: "Compare Long run 3" }).check();
      await page.getByRole("link", { name: "Compare" }).click();
      await page.getByText("Lowest validation loss: “Long run 1”").first().waitFor();
      const lines = chart(page, "Validation loss of 2 runs").locator("path[data-points]");
      const strokes = await lines.evaluateAll((paths) => paths.map((path) => path.getAttribute("stroke")));
      expect(new Set(strokes).size).toBe(2);
      const table = page.getByRole("table", { name: "Results and differences" });
      expect(await table.getByRole("rowheader").allTextContents()).toEqual([
        "State",
        "Best validation loss",
        "At step",
        "Training loss at the end",
        "Time",
        "Speed",
        "Learning rate",
      ]);
      await page.getByLabel("Add a run").selectOption({ label: "Long run 2" });
      await table.getByRole("rowheader", { name: "Rank" }).waitFor();
      // Whoever opens the address sees the same.
      await page.reload();
      await page.getByRole("link", { name: "Long run 2" }).waitFor();
      await page.getByRole("button", { name: "Leave out Long run 2" }).click();
      await expect.poll(() => table.getByRole("rowheader", { name: "Rank" }).count()).toBe(0);
      await page.getByRole("button", { name: "Save the curve" }).first().click();
      const [file] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("menuitem", { name: "Save the figures (CSV)" }).click(),
      ]);
      const csv = readFileSync(await file.path(), "utf8")
        .trim()
        .split("\r\n");
      expect(csv).toHaveLength(2001);
      expect(new Set(csv.slice(1).map((line) => line.split(",")[0]))).toEqual(
        new Set(['"Long run 1"', '"Long run 3"']),
      );
    });
  });
});
