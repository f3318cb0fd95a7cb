import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { bundleSchema } from "@shared/models/bundle";
import type { Browser, Page } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "../support/browser";
import { withStudio } from "../support/served-studio";
import { tempFolder } from "../support/temp-folder";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

/** The step the run page shows, as a number. */
async function stepOf(page: Page): Promise<number> {
  const text = await page
    .getByText(/^[\d,]+ of [\d,]+$/)
    .first()
    .innerText();
  return Number((text.split(" of ")[0] ?? "").replaceAll(",", ""));
}

describe("the main job", () => {
  it("trains the starter model from the window, compares, and exports a checked adapter", async () => {
    const folder = await tempFolder();
    await withStudio(async ({ url }) => {
      const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
      const complaints: string[] = [];
      page.on("pageerror", (error) => complaints.push(String(error)));
      await page.goto(url);

      // Three choices and a button; a short run, set under Advanced.
      await page.getByRole("link", { name: "New run" }).first().click();
      await page.getByRole("radio", { name: /Hone Starter/ }).click();
      await page.getByRole("radio", { name: /rows/ }).first().click();
      await page.locator("summary", { hasText: "Advanced" }).click();
      await page.getByLabel("Step limit").fill("24");
      await page.getByRole("button", { name: "Start training" }).click();

      // The run lives: steps go up, a reload keeps its history, pause and continue keep its place.
      await expect.poll(() => stepOf(page).catch(() => 0), { timeout: 90_000 }).toBeGreaterThan(1);
      await page.reload();
      await expect.poll(() => stepOf(page).catch(() => 0), { timeout: 30_000 }).toBeGreaterThan(1);
      await page.getByRole("button", { name: "Pause" }).click();
      await page.getByText("Its state is safe on disk.").waitFor({ timeout: 60_000 });
      const paused = await stepOf(page);
      await page.getByRole("button", { name: "Continue" }).click();
      await page.getByText("The adapter is ready").waitFor({ timeout: 180_000 });
      expect(paused).toBeLessThanOrEqual(24);
      expect(await stepOf(page)).toBe(24);

      // Base and tuned model side by side; each answer says what the engine reports about its origin.
      await page.getByRole("button", { name: "Compare base and tuned" }).click();
      await page.getByLabel("Message to all panes").fill("Wake me at half past six.");
      await page.getByLabel("Message to all panes").press("Enter");
      const base = page.getByRole("article", { name: "Answer of pane 1" });
      const tuned = page.getByRole("article", { name: "Answer of pane 2" });
      await base.getByText("Base model, no adapter").waitFor({ timeout: 60_000 });
      await tuned.getByText(/× 1$/).waitFor({ timeout: 60_000 });
      expect(await base.getByText(/tokens? · .*\/s/).count()).toBe(1);

      // Export, checked by loading the written file again.
      await page.getByRole("link", { name: "Export" }).first().click();
      await page.getByRole("main").getByRole("link").filter({ hasText: /.+/ }).last().click();
      await page.getByLabel("Into the folder").fill(folder);
      await page.getByRole("button", { name: "Export and check" }).click();
      await page.getByText("Exported and checked").waitFor({ timeout: 60_000 });
      const exported = join(folder, readdirSync(folder)[0] ?? "");
      const bundle = bundleSchema.parse(JSON.parse(readFileSync(join(exported, "hone.json"), "utf8")));
      expect(bundle.eval.top1_agreement).toBeGreaterThan(0.98);
      for (const file of bundle.files) expect(statSync(join(exported, file.path)).size).toBe(file.bytes);

      expect(complaints).toEqual([]);
      await page.close();
    });
  });
});
