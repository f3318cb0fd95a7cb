import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { type Browser, devices, type Locator, type Page } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser, phoneHost, phoneHostArgs } from "../support/browser";
import { droppingProxy } from "../support/dropping-proxy";
import { commandLinePath } from "../support/real-engine";
import { withStudio } from "../support/served-studio";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser(phoneHostArgs);
});
afterAll(() => browser.close());

/** A short run of the starter, up to its adapter. */
async function trainStarter(page: Page): Promise<void> {
  await page.getByRole("link", { name: "New run" }).first().click();
  await page.getByRole("radio", { name: /Hone Starter/ }).click();
  await page.getByRole("radio", { name: /rows/ }).first().click();
  await page.locator("summary", { hasText: "Advanced" }).click();
  await page.getByLabel("Step limit").fill("40");
  await page.getByRole("button", { name: "Start training" }).click();
  await page.getByText("The adapter is ready").waitFor({ timeout: 180_000 });
}

/** `like: "safari"` takes away what Safari does not have, so that the engine's other build is used. */
async function openPhone(
  profile: keyof typeof devices,
  url: string,
  listen: (page: Page) => void,
  like?: "safari",
): Promise<Page> {
  const context = await browser.newContext({ ...devices[profile], acceptDownloads: true });
  if (like) await context.addInitScript("delete WebAssembly.Suspending");
  const page = await context.newPage();
  listen(page);
  await page.goto(url);
  return page;
}

/** Asks the probe with the adapter and without it. `part` is one of the page's ways. */
async function askProbe(part: Locator, where: RegExp): Promise<void> {
  await part.getByRole("button", { name: /^Try: / }).click();
  await part.getByText(where).waitFor({ timeout: 60_000 });
  await part.getByText("the adapter is active").waitFor();
  await part.getByRole("switch").click();
  await part.getByRole("button", { name: /^Try: / }).click();
  await part.getByText("The base model alone").waitFor({ timeout: 60_000 });
  expect(await part.getByText(where).count()).toBe(2);
}

/** What a model file answers greedily when it is loaded by itself, without an adapter. */
async function answerOfFile(path: string, prompt: string): Promise<string> {
  const program = `import(${JSON.stringify(pathToFileURL(commandLinePath).href)}).then(({ main }) => main(process.argv.slice(1)))`;
  const args = ["chat", "--model", path, "--prompt", prompt, "--greedy", "--json"];
  const { stdout } = await promisify(execFile)(process.execPath, ["-e", program, "--", ...args]);
  return (JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as { text: string }).text;
}

const openWay = async (phone: Page, name: string): Promise<Locator> => {
  await phone.getByRole("button", { name: new RegExp(`^${name}`) }).click();
  return phone.getByRole("region", { name });
};

describe("a phone", () => {
  it("chats, takes the file along, runs the model itself, and is let go when the code ends", async () => {
    await withStudio(async ({ url }) => {
      const desktop = await browser.newPage({ viewport: { width: 1440, height: 900 } });
      const complaints: string[] = [];
      const asked = new Set<string>();
      const listen = (page: Page) => {
        page.on("pageerror", (error) => complaints.push(String(error)));
        page.on("request", (request) => asked.add(new URL(request.url()).hostname));
      };
      listen(desktop);
      await desktop.goto(url);
      await trainStarter(desktop);

      await desktop.getByRole("button", { name: "Send to phone" }).click();
      const sheet = desktop.getByRole("dialog");
      const status = sheet.getByRole("status").first();
      await sheet.getByText("Waiting for a phone").waitFor();
      const shared = new URL(await sheet.locator("code", { hasText: "http://" }).first().innerText());
      expect(await sheet.getByRole("img", { name: /Code with the address/ }).count()).toBe(1);
      const wifi = await droppingProxy(Number(shared.port));
      const phoneUrl = `http://${phoneHost}:${wifi.port}${shared.pathname}`;

      // A page over plain HTTP, as on a network: no secure context.
      const phone = await openPhone("Pixel 7", phoneUrl, listen);
      await status.getByText("Android phone 127.0.0.1 opened the page").waitFor();
      expect(await phone.evaluate(() => isSecureContext)).toBe(false);

      // Chat now: the computer answers, with the adapter and without.
      const chat = await openWay(phone, "Chat now");
      await askProbe(chat, /on your computer · /);
      await status.getByText("is chatting").waitFor();

      // Keep it: the connection drops once, the download goes on, and what arrives has the right digest.
      const keep = await openWay(phone, "Keep it on this phone");
      expect(await keep.getByRole("radio", { name: "Android" }).isChecked()).toBe(true);
      await keep.getByRole("radio", { name: /PocketPal/ }).check();
      wifi.dropNext("/files/", 300_000);
      const [saved] = await Promise.all([
        phone.waitForEvent("download"),
        keep.getByRole("button", { name: "Download the file" }).click(),
      ]);
      await keep.getByText("It arrived whole").waitFor();
      expect(wifi.drops).toBe(1);
      const digest = createHash("sha256")
        .update(readFileSync(await saved.path()))
        .digest("hex");
      expect(saved.suggestedFilename()).toMatch(/^[a-z0-9-]+\.q[48]_0\.gguf$/);
      expect(await keep.getByTitle(digest).count()).toBe(1);
      // The file by itself answers the probe as the page says it should.
      const prompt = await keep.getByText("Ask the app:").locator("strong").innerText();
      const expected = await keep.getByText("the answer begins:").locator("code").innerText();
      expect((await answerOfFile(await saved.path(), prompt)).trim().startsWith(expected)).toBe(true);
      await sheet
        .getByText(/Received .* and verified on Android phone/)
        .first()
        .waitFor();
      await keep.getByRole("button", { name: "Yes, it does" }).click();
      await status.getByText("The adapter answers on Android phone").waitFor();

      // Run in this browser: the phone computes, with the adapter and without.
      const own = await openWay(phone, "Run in this browser");
      await own.getByRole("button", { name: "Load it into this browser" }).click();
      await own.getByText("This phone computes by itself").waitFor({ timeout: 90_000 });
      await askProbe(own, /on this phone · /);

      // An iPhone at the same time is offered what fits it.
      const iphone = await openPhone("iPhone 15", phoneUrl, listen, "safari");
      const keepThere = await openWay(iphone, "Keep it on this phone");
      expect(await keepThere.getByRole("radio", { name: "iPhone" }).isChecked()).toBe(true);
      expect(await keepThere.getByRole("radio", { name: /ChatterUI/ }).count()).toBe(0);
      const compat = iphone.waitForRequest(/wllama-\w+\.js$/);
      const ownThere = await openWay(iphone, "Run in this browser");
      await ownThere.getByRole("button", { name: "Load it into this browser" }).click();
      await ownThere.getByText("This phone computes by itself").waitFor({ timeout: 90_000 });
      await askProbe(ownThere, /on this phone · /);
      await compat;

      // Where the context is secure, the page is isolated, and so may use threads.
      const here = await openPhone("Pixel 7", `http://localhost:${shared.port}${shared.pathname}`, () => undefined);
      expect(await here.evaluate(() => crossOriginIsolated)).toBe(true);
      await here.context().close();

      // The old code ends: the page says so in words.
      await sheet.getByRole("button", { name: "New code" }).click();
      await expect.poll(() => sheet.locator("code", { hasText: "http://" }).first().innerText()).not.toBe(shared.href);
      await iphone.reload();
      await iphone.getByText("This address has ended").waitFor();
      const chatAgain = await openWay(phone, "Chat now");
      await chatAgain.getByRole("button", { name: /^Try: / }).click();
      await phone.getByText("Scan the new code on the computer.").waitFor();

      // With the sheet closed nothing is served any more.
      await sheet.getByRole("button", { name: "Stop and close" }).click();
      await expect
        .poll(() =>
          fetch(`http://127.0.0.1:${shared.port}/`).then(
            () => "answers",
            () => "gone",
          ),
        )
        .toBe("gone");
      expect(complaints).toEqual([]);
      // Everything came from this computer: files of the page's own making have no host.
      expect([...asked].sort()).toEqual(["", "127.0.0.1", phoneHost]);
      await phone.context().close();
      await iphone.context().close();
      await desktop.close();
    });
  });
});
