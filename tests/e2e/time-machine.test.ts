import type { Browser, Page } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "../support/browser";
import { withStudio } from "../support/served-studio";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

async function openNewRun(page: Page): Promise<void> {
  await page.getByRole("link", { name: "New run" }).first().click();
  await page.getByRole("radio", { name: /Hone Starter/ }).click();
  await page.getByRole("radio", { name: /rows/ }).first().click();
  await page.locator("summary", { hasText: "Advanced" }).click();
}

const toRuns = (page: Page) => page.getByRole("navigation").first().getByRole("link", { name: "Runs" }).click();

describe("a finished run", () => {
  it("is measured, goes back to a checkpoint, becomes an adapter there, and proves itself", async () => {
    await withStudio(async ({ url }) => {
      const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
      const complaints: string[] = [];
      page.on("pageerror", (error) => complaints.push(String(error)));
      await page.goto(url);
      await openNewRun(page);
      await page.getByLabel("Step limit").fill("24");
      await page.getByLabel("Checkpoint every").fill("8");
      await page.getByRole("button", { name: "Start training" }).click();
      await page.getByText("The adapter is ready").waitFor({ timeout: 180_000 });

      // By itself: the task, what was forgotten, how many answers are others now.
      const result = page.getByRole("region", { name: "Result" });
      await result.getByText("Loss on a neutral text").waitFor({ timeout: 120_000 });
      await result.getByText(/^on 50 held-out rows$/).waitFor();
      await result.getByText(/of 50 answers/).waitFor();

      // Bit for bit, from the last checkpoint before the end.
      await page.getByRole("tab", { name: "Exact resume" }).click();
      await page.getByText("Nothing has interrupted this run").waitFor();
      await page.getByLabel("From which checkpoint").selectOption("16");
      await page.getByRole("button", { name: "Prove it" }).click();
      await page.getByText("The same, bit for bit").waitFor({ timeout: 120_000 });
      await page.getByText(/Steps 17 to 24 computed again/).waitFor();

      // Base, checkpoint and end answer side by side, each with what the engine says about itself.
      await page.getByRole("tab", { name: "Checkpoints" }).click();
      expect(await page.getByRole("table", { name: "Checkpoints" }).getByRole("row").count()).toBe(1 + 3);
      await page.getByRole("button", { name: "Keep step 16 as an adapter" }).click();
      await page.getByText("Kept as an adapter", { exact: true }).waitFor({ timeout: 60_000 });
      await page.getByRole("link", { name: "See its adapter" }).waitFor();
      await page.getByRole("button", { name: "Chat with step 8" }).click();
      await page.getByText(/^Step 8 of /).waitFor();
      await page.getByLabel("Message to all panes").fill("Wake me at half past six.");
      await page.getByLabel("Message to all panes").press("Enter");
      await page
        .getByRole("article", { name: "Answer of pane 1" })
        .getByText("Base model, no adapter")
        .waitFor({ timeout: 60_000 });
      const digests = [];
      for (const pane of [2, 3]) {
        const origin = page.getByRole("article", { name: `Answer of pane ${pane}` }).getByText(/× 1$/);
        await origin.waitFor({ timeout: 60_000 });
        digests.push(await origin.innerText());
      }
      expect(digests[0]).not.toBe(digests[1]);
      expect(complaints).toEqual([]);
      await page.close();
    });
  });
});

describe("a sweep", () => {
  it("is written under Advanced, stands as a group over the runs, and names its winner", async () => {
    await withStudio(async ({ url }) => {
      const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
      await page.goto(url);
      await openNewRun(page);
      await page.getByLabel("Step limit").fill("4");
      await page.getByLabel("Name of the run").fill("Ranks");
      await page.getByLabel("Ranks", { exact: true }).fill("2, 0");
      await page.getByText("“0” is outside its limits.").waitFor();
      expect(await page.getByRole("button", { name: "Start training" }).isDisabled()).toBe(true);
      await page.getByLabel("Ranks", { exact: true }).fill("2, 4");
      await page.getByRole("button", { name: "Start 2 runs" }).click();
      const sweeps = page.getByRole("region", { name: "Sweeps" });
      await sweeps.getByText(/^2 runs, 2 done/).waitFor({ timeout: 180_000 });
      await sweeps.locator("summary").click();
      await sweeps.getByText("lowest", { exact: true }).waitFor();
      await page.close();
    });
  });
});

describe("the queue", () => {
  it("says in words why it waits, and goes on when that is over", async () => {
    await withStudio(async ({ url }) => {
      const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
      await page.goto(url);
      await page.getByRole("navigation").first().getByRole("link", { name: "Settings" }).click();
      await page.getByRole("switch", { name: "Only at certain hours" }).click();
      // An hour that lies behind us, whatever the time is.
      const past = new Date(Date.now() - 2 * 3_600_000);
      const hour = (plus: number) => `${String((past.getHours() + plus) % 24).padStart(2, "0")}:00`;
      await page.getByLabel("From", { exact: true }).fill(hour(0));
      await page.getByLabel("Until", { exact: true }).fill(hour(1));
      await toRuns(page);
      await openNewRun(page);
      await page.getByLabel("Step limit").fill("2");
      await page.getByRole("button", { name: "Start training" }).click();
      await page
        .getByText(/It is not the time for training, which begins at/)
        .first()
        .waitFor({ timeout: 60_000 });
      await toRuns(page);
      await page.getByText(/^The queue waits\./).waitFor();
      await page.getByRole("navigation").first().getByRole("link", { name: "Settings" }).click();
      await page.getByRole("switch", { name: "Only at certain hours" }).click();
      await toRuns(page);
      await page.getByText("Done", { exact: true }).first().waitFor({ timeout: 120_000 });
      await page.close();
    });
  });
});
