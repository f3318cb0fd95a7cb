import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { devices, type Page } from "playwright";
import { it } from "vitest";
import { launchBrowser, phoneHost, phoneHostArgs } from "../support/browser";
import { withStudio } from "../support/served-studio";

const out = fileURLToPath(new URL("../../out/screenshots", import.meta.url));
const phoneSize = { width: 360, height: 740 };

async function shoot(page: Page, name: string, sizes: readonly { width: number; height: number }[]): Promise<void> {
  for (const size of sizes) {
    await page.setViewportSize(size);
    for (const theme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme: theme });
      await page.waitForTimeout(400);
      const fullPage = size === phoneSize;
      await page.screenshot({ path: join(out, `${name}-${theme}-${size.width}.png`), fullPage });
    }
  }
}

const shootSheet = (page: Page, name: string) =>
  shoot(page, name, [
    { width: 1440, height: 900 },
    { width: 1024, height: 700 },
  ]);

/** `npm run screenshots`: the sheet and the page on the phone after a short run of the starter. */
it("shows the sheet and the phone's page", async () => {
  mkdirSync(out, { recursive: true });
  const browser = await launchBrowser(phoneHostArgs);
  await withStudio(async ({ url }) => {
    const desktop = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await desktop.goto(url);
    await desktop.getByRole("link", { name: "New run" }).first().click();
    await desktop.locator("summary", { hasText: "Advanced" }).click();
    await desktop.getByLabel("Step limit").fill("80");
    await desktop.getByRole("button", { name: "Start training" }).click();
    await desktop.getByText("The adapter is ready").waitFor({ timeout: 300_000 });
    await desktop.getByRole("button", { name: "Send to phone" }).click();
    const sheet = desktop.getByRole("dialog");
    await sheet.getByText("Waiting for a phone").waitFor();
    await shootSheet(desktop, "phone-sheet-waiting");
    const shared = new URL(await sheet.locator("code", { hasText: "http://" }).first().innerText());

    const context = await browser.newContext({ ...devices["Pixel 7"], viewport: phoneSize, deviceScaleFactor: 2 });
    const phone = await context.newPage();
    const shootPhone = (name: string) => shoot(phone, name, [phoneSize]);
    await phone.goto(`http://${phoneHost}:${shared.port}${shared.pathname}`);
    await phone.getByText("After", { exact: true }).waitFor();
    await shootPhone("phone-page");
    await phone.getByRole("button", { name: /^Chat now/ }).click();
    await phone.getByRole("button", { name: /^Try: / }).click();
    await phone.getByText(/on your computer ·/).waitFor();
    await phone.getByRole("switch").click();
    await phone.getByRole("button", { name: /^Try: / }).click();
    await phone.getByText("The base model alone").waitFor();
    await shootPhone("phone-chat");
    await phone.getByRole("button", { name: /^Keep it/ }).click();
    await shootPhone("phone-keep-apps");
    await phone.getByRole("radio", { name: /PocketPal/ }).check();
    await shootPhone("phone-keep-pocketpal");
    await phone.getByRole("radio", { name: /takes adapters/ }).check();
    await phone.getByRole("button", { name: "Download the file" }).click();
    await phone.getByText("It arrived whole").waitFor();
    await phone.getByRole("button", { name: "Yes, it does" }).click();
    await shootPhone("phone-keep-done");
    await shootSheet(desktop, "phone-sheet-done");
    await sheet.getByText("The phone cannot connect?").click();
    await shootSheet(desktop, "phone-sheet-help");
    await phone.getByRole("button", { name: /^Run in this/ }).click();
    await shootPhone("phone-browser");
    await sheet.getByRole("button", { name: "New code" }).click();
    await phone.getByRole("button", { name: "Load it" }).click();
    await phone.getByText("Scan the new code").waitFor();
    await shootPhone("phone-ended");
  });
  await browser.close();
}, 600_000);
