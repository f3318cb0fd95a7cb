import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright";
import { it } from "vitest";
import { launchBrowser } from "../support/browser";
import { modelFixture } from "../support/real-engine";
import { withStudio } from "../support/served-studio";
import { tempFolder } from "../support/temp-folder";

const out = fileURLToPath(new URL("../../out/screenshots", import.meta.url));
const shown = fileURLToPath(new URL("run.png", import.meta.url));
const sizes = [
  { width: 1440, height: 900 },
  { width: 1024, height: 700 },
];

/** The page as it stands, in both sizes and themes. */
async function shoot(page: Page, name: string): Promise<void> {
  for (const size of sizes) {
    await page.setViewportSize(size);
    for (const theme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme: theme });
      await page.waitForTimeout(400);
      await page.screenshot({ path: join(out, `${name}-${theme}-${size.width}.png`) });
    }
  }
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.emulateMedia({ colorScheme: "light" });
}

/** `npm run screenshots`: every page of a studio that has done one whole starter run, under out/screenshots. */
it("shows every page after the main job", async () => {
  mkdirSync(out, { recursive: true });
  const folder = await tempFolder();
  const browser = await launchBrowser();
  await withStudio(async ({ url }) => {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    const go = async (name: string) => {
      await page.getByRole("navigation").first().getByRole("link", { name }).click();
      await page.waitForTimeout(800);
    };
    await page.goto(url);
    await page.getByRole("link", { name: "New run" }).first().waitFor();
    await shoot(page, "home-first");
    for (const name of ["Runs", "Export", "Playground"]) {
      await go(name);
      await shoot(page, `${name.toLowerCase()}-empty`);
    }
    await go("Home");
    await page.getByRole("link", { name: "New run" }).first().click();
    await page.getByText("What it will take").waitFor();
    await page.waitForTimeout(4000);
    await shoot(page, "new-run");
    await page.getByRole("button", { name: "Start training" }).click();
    await page.waitForTimeout(8000);
    await shoot(page, "run-live");
    await page.getByText("The adapter is ready").waitFor({ timeout: 600_000 });
    // It is measured by itself.
    await page.getByText("Loss on a neutral text").waitFor({ timeout: 300_000 });
    await shoot(page, "run-done");
    copyFileSync(join(out, "run-done-light-1440.png"), shown);
    await page.getByRole("button", { name: "Compare base and tuned" }).click();
    for (const text of ["Wake me at half past six.", "text Anna that I'm late"]) {
      await page.getByLabel("Message to all panes").fill(text);
      await page.getByLabel("Message to all panes").press("Enter");
      await page.waitForTimeout(4000);
    }
    await shoot(page, "playground");
    await go("Export");
    await shoot(page, "export");
    await page.getByRole("main").getByRole("link").filter({ hasText: /.+/ }).last().click();
    await page.getByLabel("Into the folder").fill(folder);
    await page.getByRole("button", { name: "Export and check" }).click();
    await page.getByText("Exported and checked").waitFor({ timeout: 60_000 });
    await shoot(page, "export-done");
    for (const name of ["Home", "Models", "Datasets", "Runs", "Settings"]) {
      await go(name);
      await shoot(page, name.toLowerCase());
    }
    for (const name of ["Models", "Datasets"]) {
      await go(name);
      await page
        .getByRole("main")
        .getByRole("link", { name: /Starter|tool calls/ })
        .first()
        .click();
      await page.waitForTimeout(2500);
      await shoot(page, `${name.toLowerCase()}-detail`);
    }
  });
  await browser.close();
}, 1_500_000);

/** Pages about models with fixtures of several kinds on the shelf. */
it("shows what works with models of several kinds", async () => {
  mkdirSync(out, { recursive: true });
  const browser = await launchBrowser();
  await withStudio(async ({ url }) => {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(url);
    for (const name of ["llama-q4_k", "bitnet-relu2-tq2_0", "lfm2-q8_0"]) {
      await page.getByRole("navigation").first().getByRole("link", { name: "Models" }).click();
      await page.getByRole("main").getByRole("textbox").first().fill(modelFixture(name));
      await page.getByRole("main").getByRole("textbox").first().press("Enter");
      await page
        .getByRole("link", { name: "Train on it" })
        .or(page.getByRole("button", { name: "Train on it" }))
        .waitFor();
      if (name.startsWith("bitnet")) await shoot(page, "model-bitnet");
    }
    await page.keyboard.press("Control+k");
    await page.keyboard.type("what works");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Measured for every kind of file" }).waitFor();
    await shoot(page, "support");
    await page
      .getByRole("button", { name: /types that/ })
      .last()
      .click();
    await page.getByText("Q4_K_M").first().waitFor();
    await shoot(page, "support-open");
    await page.getByText("how far base and adapter").scrollIntoViewIfNeeded();
    await shoot(page, "support-measured");
    await page.getByRole("navigation").first().getByRole("link", { name: "Settings" }).click();
    await page.getByRole("heading", { name: "Keyboard shortcuts" }).scrollIntoViewIfNeeded();
    await shoot(page, "settings-devices");
  });
  await browser.close();
}, 300_000);
