import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright";
import { afterAll, beforeAll, describe, it } from "vitest";
import { launchBrowser } from "../support/browser";
import { withStudio } from "../support/served-studio";
import { tempFolder } from "../support/temp-folder";

const hostile = fileURLToPath(new URL("../fixtures/hostile/bad-data-truncated.gguf", import.meta.url));

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

describe("bad input", () => {
  it("is answered with what, where, why and what to do, and the window stays up", async () => {
    const folder = await tempFolder();
    await withStudio(async ({ url }) => {
      const page = await browser.newPage();
      await page.goto(url);

      // A GGUF that ends too early is named with the tensor and the sizes.
      await page.getByRole("link", { name: "Models" }).first().click();
      await page.getByLabel("Path of a GGUF model").fill(hostile);
      await page.getByRole("button", { name: "Add", exact: true }).click();
      await page.getByText("This file was not added").waitFor();
      await page.getByText(/bytes/).first().waitFor();

      // A dataset with bad lines: usable rows are counted, every problem has its line.
      const dataset = join(folder, "notes.jsonl");
      writeFileSync(
        dataset,
        '{"messages":[{"role":"user","content":"hi"},{"role":"assistant","content":"hello"}]}\n{"messages": [\n{"messages":[]}\n',
      );
      await page.getByRole("link", { name: "Datasets" }).first().click();
      await page
        .getByRole("link", { name: /Import/ })
        .first()
        .click();
      await page.getByLabel("Path of a dataset file").fill(dataset);
      await page.getByRole("button", { name: "Look" }).click();
      await page.getByText("2 rows with problems will be left out.").waitFor();
      await page.getByRole("cell", { name: "2", exact: true }).waitFor();
      await page.getByRole("cell", { name: "3", exact: true }).waitFor();

      // An empty file teaches nothing and is not imported.
      const empty = join(folder, "empty.jsonl");
      writeFileSync(empty, "");
      await page.getByLabel("Path of a dataset file").fill(empty);
      await page.getByRole("button", { name: "Look" }).click();
      await page
        .getByText(/empty|no row/i)
        .first()
        .waitFor();

      // A file that is not there.
      await page.getByLabel("Path of a dataset file").fill(join(folder, "nowhere.jsonl"));
      await page.getByRole("button", { name: "Look" }).click();
      await page
        .getByText(/there is no such file/)
        .first()
        .waitFor();

      if (process.getuid?.() !== 0) {
        const locked = join(folder, "locked");
        mkdirSync(locked);
        chmodSync(locked, 0o000);
        await page.getByLabel("Path of a dataset file").fill(join(locked, "rows.jsonl"));
        await page.getByRole("button", { name: "Look" }).click();
        await page
          .getByText(/permission/i)
          .first()
          .waitFor();
        chmodSync(locked, 0o700);
      }
      await page.getByRole("navigation").first().waitFor();
      await page.close();
    });
  });
});
