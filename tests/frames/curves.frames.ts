import { writeFileSync } from "node:fs";
import type { Page } from "playwright";
import { expect, it } from "vitest";
import { launchBrowser } from "../support/browser";
import { type Smoothness, smoothness, wander, wheel } from "../support/frames";
import { withLongRuns } from "../support/long-run";
import { tempFolder } from "../support/temp-folder";

/** Ticks all runs in the list and waits for their curves. */
async function openComparison(page: Page, ids: readonly string[]): Promise<number> {
  await page.getByRole("navigation").first().getByRole("link", { name: "Runs" }).click();
  for (let at = 0; at < ids.length; at += 1) await page.getByRole("checkbox").nth(at).check();
  const begin = performance.now();
  await page.getByRole("link", { name: "Compare" }).click();
  await page.getByText("Lowest validation loss").first().waitFor({ timeout: 120_000 });
  return Math.round(performance.now() - begin);
}

const steps = Number(process.env.HONE_STEPS ?? 100_000);

/** `npm run frames`: how smoothly the curves of a long run are drawn in the built window. HONE_STEPS and HONE_JSON choose. */
it(`draws the curves of ${steps} steps`, async () => {
  // Drawn by the CPU: a graphics card that the CPU imitates stands still for seconds at a time, whatever the window does.
  const browser = await launchBrowser(["--disable-gpu"]);
  const found: Record<string, Smoothness | number> = { steps };
  await withLongRuns(await tempFolder(), { steps, runs: 6 }, async ({ url, ids, grow }) => {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(url);
    await page.getByRole("navigation").first().getByRole("link", { name: "Runs" }).click();
    const begin = performance.now();
    await page.getByRole("link", { name: "Long run 1" }).click();
    const loss = "Loss of Long run 1";
    await page.getByRole("application", { name: loss }).locator("path[data-points]").first().waitFor();
    found.openedMs = Math.round(performance.now() - begin);
    await page.waitForTimeout(1500);
    found.idle = await smoothness(page, () => page.waitForTimeout(2000));
    found.hover = await smoothness(page, () => wander(page, loss, 4000));
    found.zoom = await smoothness(page, () => wheel(page, loss, 4000));
    await page.getByRole("application", { name: loss }).dblclick();
    found.live = await smoothness(page, async () => {
      const growing = setInterval(() => grow(6), 200);
      await wander(page, loss, 4000);
      clearInterval(growing);
    });
    found.compareOpenedMs = await openComparison(page, ids);
    const all = `Validation loss of ${ids.length} runs`;
    found.compareHover = await smoothness(page, () => wander(page, all, 4000));
    found.compareZoom = await smoothness(page, () => wheel(page, all, 4000));
    await page.close();
  });
  await browser.close();
  process.stdout.write(`${JSON.stringify(found, null, 1)}\n`);
  if (process.env.HONE_JSON) writeFileSync(process.env.HONE_JSON, `${JSON.stringify(found, null, 1)}\n`);
  expect(found.openedMs).toBeGreaterThan(0);
}, 300_000);
