import { supportTable } from "@shared/support/support";
import type { Browser } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "../support/browser";
import { modelFixture } from "../support/real-engine";
import { withStudio } from "../support/served-studio";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

describe("what works with which model", () => {
  it("is found by keyboard, shows the shelf and all that was measured, and what merging would come to", async () => {
    await withStudio(async ({ url }) => {
      const page = await browser.newPage();
      await page.goto(url);
      await page.getByRole("link", { name: "Models" }).first().click();
      await page.getByLabel("Path of a GGUF model").fill(modelFixture("qwen3-q8_0"));
      await page.getByLabel("Path of a GGUF model").press("Enter");
      await page.getByRole("button", { name: "Train on it" }).waitFor();

      await page.keyboard.press("Control+k");
      await page.keyboard.type("what works");
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { name: "What works" }).waitFor();
      const measured = page.getByRole("table", { name: "Measured errors by architecture and type" });
      expect(await measured.locator("tbody tr").count()).toBe(supportTable.length);
      expect(await measured.locator("tr", { hasText: "yours" }).count()).toBeGreaterThan(1);

      const more = page.getByRole("button", { name: /types that hone fixture qwen3-q8_0 can be merged into/ });
      await more.focus();
      await page.keyboard.press("Enter");
      await page.getByText("rows of 384 weights are no whole blocks of Q4_K").first().waitFor();
      expect(await more.getAttribute("aria-expanded")).toBe("true");
      await page.close();
    });
  });

  it("takes another activation for a BitNet model, and keeps it", async () => {
    await withStudio(async ({ url }) => {
      const page = await browser.newPage();
      await page.goto(url);
      await page.getByRole("link", { name: "Models" }).first().click();
      await page
        .getByRole("main")
        .getByRole("link", { name: /Starter/ })
        .first()
        .click();
      await page.getByLabel("Activation").selectOption({ label: "ReLU², always" });
      await page.getByText("Chosen by hand; without that silu").waitFor();
      await page.reload();
      await page.getByText("Chosen by hand; without that silu").waitFor();
      await page.getByLabel("Activation").selectOption({ label: "As Hone would decide" });
      await page.getByText("Chosen by hand").waitFor({ state: "detached" });
      await page.close();
    });
  });
});
