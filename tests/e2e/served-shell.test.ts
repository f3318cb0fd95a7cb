import { statSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "../support/browser";
import { startScript, startStudio, withStudio } from "../support/served-studio";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

describe("the served shell", () => {
  it("opens in a browser without a complaint, and keeps its token out of sight", async () => {
    await withStudio(async ({ url }) => {
      const page = await browser.newPage();
      const complaints: string[] = [];
      page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
      page.on("pageerror", (error) => complaints.push(String(error)));
      await page.goto(url);
      await page.getByRole("navigation").first().waitFor();
      await page.getByText("Models").first().waitFor();
      expect(page.url()).not.toContain(new URL(url).hash.slice(1));
      await page.reload();
      await page.getByRole("navigation").first().waitFor();
      expect(complaints).toEqual([]);
      await page.close();
    });
  });

  it("shows a second start the way to the first", async () => {
    await withStudio(async ({ url, dataFolder }) => {
      const second = await startStudio(dataFolder);
      expect(second.url).toBe(url);
      expect(second.output()).toContain("already running");
      expect(await second.ended).toBe(0);
    });
  });

  it("gives its data folder free however it ends, and does not send anybody to where it was", async () => {
    await withStudio(async (first) => {
      await first.stop("SIGKILL");
      const second = await startStudio(first.dataFolder);
      expect(second.url).not.toBe(first.url);
      expect(second.output()).not.toContain("already running");
      const third = await startStudio(first.dataFolder);
      expect(third.url).toBe(second.url);
      await second.stop();
    });
  });

  it("starts again in under five seconds", async () => {
    await withStudio(async (studio) => {
      await studio.stop();
      const begin = performance.now();
      const second = await startStudio(studio.dataFolder, startScript);
      expect(performance.now() - begin).toBeLessThan(5_000);
      await second.stop();
    });
  });

  it("keeps the note with its address to its owner and takes it along when it ends", async () => {
    await withStudio(async ({ dataFolder, stop }) => {
      const note = join(dataFolder, "served.json");
      expect(statSync(note).mode & 0o077).toBe(0);
      expect(await stop()).toBe(0);
      expect(statSync(note, { throwIfNoEntry: false })).toBeUndefined();
    });
  });
});
