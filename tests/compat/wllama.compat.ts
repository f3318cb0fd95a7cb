import { type Browser, devices, type Page } from "playwright";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser, phoneHost, phoneHostArgs } from "../support/browser";
import type { PageAnswers, PageRequest } from "./page/main";
import { alike, answerTokens, cell, compatFolder, exportNamed, inParts, ours, prompts } from "./support/exports";
import { type PageServers, startPageServers } from "./support/page-server";

/*
 * Exports in wllama, the engine for browsers that the phone's page uses, in Chromium without a screen. A made-up host name leads to
 * this computer, so that to the browser it is a plain HTTP address on a network: no secure context, no threads, no storage.
 */
let browser: Browser;
let servers: PageServers;
beforeAll(async () => {
  browser = await launchBrowser(phoneHostArgs);
  servers = await startPageServers();
});
afterAll(async () => {
  await browser.close();
  servers.close();
});

const places = [
  { title: "plain HTTP", secure: false, url: () => `http://${phoneHost}:${servers.port}/` },
  { title: "self-signed HTTPS", secure: true, url: () => `https://${phoneHost}:${servers.securePort}/` },
  { title: "localhost", secure: true, url: () => `http://localhost:${servers.port}/` },
];
const phones = ["Pixel 7", "iPhone 14"] as const;

async function withPage<T>(phone: (typeof phones)[number], url: string, work: (page: Page) => Promise<T>): Promise<T> {
  const { defaultBrowserType: _, ...profile } = devices[phone] ?? {};
  const context = await browser.newContext({ ...profile, ignoreHTTPSErrors: true });
  const page = await context.newPage();
  const beyond: string[] = [];
  page.on("request", (request) => {
    const { hostname, protocol } = new URL(request.url());
    if (protocol !== "blob:" && protocol !== "data:" && hostname !== phoneHost && hostname !== "localhost")
      beyond.push(request.url());
  });
  try {
    await page.goto(url);
    const result = await work(page);
    expect(beyond, "nothing comes from elsewhere").toEqual([]);
    return result;
  } finally {
    await context.close();
  }
}

const address = (file: string) => file.slice(compatFolder.length).replaceAll("\\", "/");

function run(page: Page, model: readonly string[], adapter: string | null): Promise<PageAnswers> {
  const request: PageRequest = {
    model: model.map(address),
    adapter: adapter === null ? null : address(adapter),
    prompts,
    tokens: answerTokens,
  };
  return page.evaluate(
    (asked) => (window as unknown as { run(r: PageRequest): Promise<PageAnswers> }).run(asked),
    request,
  );
}

const pair = exportNamed("pair");
const [base = ""] = pair.files("base");
const [adapter = ""] = pair.files("adapter");
const words = (same: number) => `answers as in Hone: ${same} of ${prompts.length}`;

describe.each(places)("in a phone's browser over $title", ({ title, secure, url }) => {
  it.each(phones)(
    "on the profile of %s, the adapter acts when it is on, and the base alone answers when it is off",
    async (phone) => {
      const column = `wllama 3.8.1 in Chromium, ${phone}, ${title}`;
      const { secure: found, on, off } = await withPage(phone, url(), (page) => run(page, pair.files("base"), adapter));
      expect(found).toBe(secure);
      const tuned = alike(await ours(base, adapter), on);
      cell("base + adapter", column, words(tuned));
      expect(tuned).toBe(prompts.length);
      const bare = await withPage(phone, url(), (page) => run(page, pair.files("base"), null));
      const plain = alike(await ours(base, null), bare.on);
      cell("base", column, words(plain));
      expect(bare.on.join()).not.toContain('"tool"');
      expect(off?.join()).not.toContain('"tool"');
      // The bare starter has answers as likely as each other, so a last bit can turn one of them.
      const same = alike(bare.on, off ?? []);
      cell("adapter switched off", column, `answers as the base: ${same} of ${prompts.length}`);
      expect(same).toBeGreaterThanOrEqual(prompts.length - 1);
    },
  );
});

describe.each(phones)("on the profile of %s over plain HTTP", (phone) => {
  const { title, url } = places[0] as (typeof places)[number];
  const column = `wllama 3.8.1 in Chromium, ${phone}, ${title}`;

  it("the base in parts answers as the whole", async () => {
    const parts = await inParts(base);
    expect(parts.length).toBeGreaterThan(2);
    const { on } = await withPage(phone, url(), (open) => run(open, parts, adapter));
    const same = alike(await ours(base, adapter), on);
    cell("base in parts + adapter", column, words(same));
    expect(same).toBe(prompts.length);
  });

  it.each([
    ["merged Q4_0 (Android app)", "android"],
    ["merged Q4_K_M (iPhone app)", "iphone"],
    ["merged Q8_0", "merged-q8_0"],
    ["merged F16", "merged-f16"],
  ])("%s answers as the tuned model", async (row, name) => {
    const merged = exportNamed(name).files("merged");
    const { on } = await withPage(phone, url(), (page) => run(page, merged, null));
    const same = alike(await ours(merged[0] ?? "", null), on);
    cell(row, column, words(same));
    expect(same).toBeGreaterThanOrEqual(prompts.length - 1);
    expect(on[0]).toContain('{"tool":"set_timer","minutes":10}');
  });

  it.each(["llama-f16", "qwen3-q8_0"])(
    "the fixture %s opens with its adapter, which changes the answer",
    async (name) => {
      const fixture = exportNamed(`fixture-${name}`);
      const { on, off } = await withPage(phone, url(), (page) =>
        run(page, fixture.files("base"), fixture.files("adapter")[0] ?? null),
      );
      expect(on).not.toEqual(off);
      cell(`fixture ${name} + adapter`, column, "opens; the adapter changes the answers");
    },
  );
});
