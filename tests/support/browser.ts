import { existsSync } from "node:fs";
import sparticuz from "@sparticuz/chromium";
import { type Browser, chromium } from "playwright";

const installed = [
  process.env.HONE_CHROMIUM,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

// As root, in containers and without a GPU alike.
const args = ["--no-sandbox", "--no-zygote", "--disable-dev-shm-usage", "--in-process-gpu", "--use-angle=swiftshader"];

/** A made-up name that leads to this computer: to a browser a plain HTTP address like any on a network, and no secure context. */
export const phoneHost = "hone-phone.test";
export const phoneHostArgs = [`--host-resolver-rules=MAP ${phoneHost} 127.0.0.1`];

/** A Chromium without a screen: the system's own, else the one that a package brings along (Linux on x64). */
export async function launchBrowser(more: readonly string[] = []): Promise<Browser> {
  const own = installed.find((path) => path !== undefined && existsSync(path));
  const executablePath = own ?? (await sparticuz.executablePath());
  return chromium.launch({ executablePath, args: [...args, ...more], headless: true });
}
