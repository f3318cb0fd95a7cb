import { createHash } from "node:crypto";
import { utimesSync } from "node:fs";
import { connect } from "node:net";
import type { PhonePageFacts } from "@shared/models/phone";
import { describe, expect, it } from "vitest";
import { eventually } from "../../support/studio";
import { asPhone, rawRequest, readyFile, shareHere } from "./support";

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const bytesOf = async (response: Response) => Buffer.from(await response.arrayBuffer());
const post = (value: unknown, type = "application/json") => ({
  method: "POST",
  headers: { "Content-Type": type },
  body: typeof value === "string" ? value : JSON.stringify(value),
});

describe("what is shared with phones", () => {
  it("has an address of 128 random bits on a port of its own", async () => {
    const one = await shareHere();
    const other = await shareHere();
    for (const { url } of [one, other]) expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[0-9a-f]{32}\/$/);
    expect(new URL(one.url).pathname).not.toBe(new URL(other.url).pathname);
    expect(new URL(one.url).port).not.toBe(new URL(other.url).port);
  });

  it("is closed to wrong tokens, which are counted, and always open to the right one", async () => {
    const { url } = await shareHere();
    const wrong = (token: string) => fetch(new URL(`/${token}/`, url));
    expect((await fetch(new URL("/", url))).status).toBe(404);
    expect((await wrong("0".repeat(32))).status).toBe(404);
    expect((await wrong(`${new URL(url).pathname.slice(1, -1)}0`)).status).toBe(404);
    for (let tries = 0; tries < 17; tries++) expect((await wrong(String(tries))).status).toBe(404);
    const refused = await wrong("again");
    expect(refused.status).toBe(429);
    expect(refused.headers.get("retry-after")).toBe("60");
    expect((await fetch(url)).status).toBe(200);
    // Browsers ask for it by themselves.
    expect((await fetch(new URL("/favicon.ico", url))).status).toBe(404);
  });

  it("tells who comes with an old code that it has ended, and nothing else", async () => {
    const shared = await shareHere();
    const old = await readyFile(shared);
    shared.share.renew();
    const renewed = shared.share.tell().chosen.url;
    expect(renewed).not.toBe(shared.url);
    for (const url of [shared.url, old, `${shared.url}api/share`]) {
      const answer = await fetch(url);
      expect(answer.status).toBe(410);
      expect(await answer.text()).toContain("This address has ended");
    }
    expect((await fetch(`${renewed}api/share`)).status).toBe(200);
  });

  it("ends when no phone does anything for a while, and its port answers no more", async () => {
    const { share, url, told } = await shareHere({ times: { idleMs: 400 } });
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect((await fetch(url)).status).toBe(200);
    // The visit above counts; asking how things stand does not.
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect((await fetch(`${url}api/share`)).status).toBe(200);
    await eventually(
      () => share.ended,
      (ended) => ended === "idle",
    );
    await expect(fetch(url)).rejects.toThrow();
    expect(told.at(-1)?.ended).toBe("idle");
  });

  it("ends when the window that holds the sheet is gone", async () => {
    const { share, url } = await shareHere({ times: { windowMs: 300 } });
    for (let beats = 0; beats < 3; beats++) {
      await new Promise((resolve) => setTimeout(resolve, 150));
      share.stay();
    }
    expect(share.ended).toBeNull();
    await eventually(
      () => share.ended,
      (ended) => ended === "window-gone",
    );
    await expect(fetch(url)).rejects.toThrow();
  });

  it("stops what is being made when it ends, and says so only then", async () => {
    let stopped = false;
    const { share, told } = await shareHere({
      times: { idleMs: 200 },
      make: (_, __, signal) =>
        new Promise((_, reject) => {
          const stop = () => {
            stopped = true;
            reject(signal.reason);
          };
          signal.addEventListener("abort", () => setTimeout(stop, 50));
        }),
    });
    share.prepare("android");
    await eventually(
      () => told.at(-1)?.ended,
      (ended) => ended === "idle",
    );
    expect(stopped).toBe(true);
  });

  it("takes connections only at the chosen address and on this computer itself", async () => {
    const { share, url } = await shareHere({
      addresses: () => [
        { address: "127.0.0.1", network: "lo" },
        { address: "192.0.2.1", network: "eth9" },
      ],
    });
    share.choose("192.0.2.1");
    expect(share.tell().chosen.url).toContain("http://192.0.2.1:");
    expect((await fetch(url)).status).toBe(200);
    expect(() => share.choose("8.8.8.8")).toThrow(/no address/);
  });

  it("leaves room for others when one address opens connections without end", async () => {
    const { url } = await shareHere();
    const { hostname, port } = new URL(url);
    const sockets = Array.from({ length: 60 }, () => connect(Number(port), hostname).on("error", () => undefined));
    await eventually(
      () => sockets.filter(({ destroyed }) => destroyed).length,
      (closed) => closed >= 12,
    );
    expect(sockets.filter(({ destroyed }) => !destroyed)).toHaveLength(48);
    for (const socket of sockets) socket.destroy();
    await eventually(
      () =>
        fetch(url).then(
          ({ status }) => status,
          () => 0,
        ),
      (status) => status === 200,
    );
  });

  it("guards every answer, and names no path of this computer", async () => {
    const shared = await shareHere();
    const file = await readyFile(shared);
    for (const url of [shared.url, `${shared.url}api/share`, file, new URL("/nowhere", shared.url).href]) {
      const answer = await fetch(url);
      const policy = answer.headers.get("content-security-policy") ?? "";
      expect(policy).toContain("default-src 'none'");
      expect(policy).not.toMatch(/'unsafe-/);
      expect(answer.headers.get("cross-origin-opener-policy")).toBe("same-origin");
      expect(answer.headers.get("cross-origin-embedder-policy")).toBe("require-corp");
      expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
      expect(answer.headers.get("referrer-policy")).toBe("no-referrer");
      const everything = [...answer.headers].join() + (url === file ? "" : await answer.text());
      expect(everything).not.toContain(shared.folder);
      expect(everything).not.toContain("secret");
    }
    expect((await fetch(shared.url.slice(0, -1), { redirect: "manual" })).status).toBe(308);
  });

  it("hides where a file could not be written", async () => {
    const { share, url } = await shareHere({
      make: () => Promise.reject(new Error("EACCES: /home/ada/secret/merged.gguf")),
    });
    share.prepare("android");
    await eventually(
      () => share.files.state("android"),
      (file) => file?.state === "failed",
    );
    const facts = (await (await fetch(`${url}api/share`)).json()) as PhonePageFacts;
    expect(facts.files[0]).toMatchObject({ state: "failed" });
    expect(JSON.stringify(facts)).not.toContain("/home");
    // The sheet on the computer itself says it.
    expect(share.tell().files[0]?.error?.message).toContain("/home/ada/secret");
  });

  it("lets no path lead out of the page's folder", async () => {
    const { url } = await shareHere();
    const { port, pathname } = new URL(url);
    for (const path of [
      "../secret.txt",
      "%2e%2e/secret.txt",
      "..%2fsecret.txt",
      "assets/../../secret.txt",
      "..\\secret.txt",
      "%2e%2e%5csecret.txt",
      "files/../secret.txt",
      "files/..%2fsecret.txt",
      "files/%2e%2e/merged.gguf",
      "files//etc/passwd",
      "secret.txt%00.html",
      "%E0%A4%A",
    ]) {
      const answer = (
        await rawRequest(Number(port), [`GET ${pathname}${path} HTTP/1.1`, "Host: phone", "Connection: close"])
      ).toString();
      expect(answer, path).toMatch(/^HTTP\/1\.1 404 /);
      expect(answer, path).not.toContain("not for phones");
    }
  });

  it("understands only what its own page sends", async () => {
    const { url, share } = await shareHere();
    const status = async (path: string, init: RequestInit) => (await fetch(url + path, init)).status;
    expect(await status("api/event", post({ event: "opened" }))).toBe(200);
    expect(await status("api/event", post({ event: "opened" }, "text/plain"))).toBe(400);
    expect(await status("api/event", post("{"))).toBe(400);
    expect(await status("api/event", post({ event: "reboot" }))).toBe(400);
    expect(await status("api/prepare", post({ kind: "../../etc/passwd" }))).toBe(400);
    expect(await status("api/chat", post({ messages: [], tuned: true, greedy: true }))).toBe(400);
    expect(await status("api/event", post(`"${"x".repeat(600_000)}"`))).toBe(400);
    expect(await status("api/event", {})).toBe(405);
    expect(await status("", { method: "DELETE" })).toBe(405);
    expect(await status("api/other", post({}))).toBe(404);
    expect(share.tell().visitors).toHaveLength(1);
  });

  it("streams answers line by line and counts them", async () => {
    const { url, share } = await shareHere();
    const chat = { messages: [{ role: "user", content: "hi" }], tuned: true, greedy: false };
    const answer = await fetch(`${url}api/chat`, {
      ...post(chat),
      ...{ headers: { ...post("").headers, ...asPhone().headers } },
    });
    expect(answer.headers.get("content-type")).toContain("ndjson");
    expect(
      (await answer.text())
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual([{ text: "hel" }, { text: "lo" }]);
    await eventually(
      () => share.tell().visitors[0],
      (visitor) => visitor?.answers === 1,
    );
    expect(share.tell().visitors[0]?.phone).toBe("Android phone 127.0.0.1");
  });

  it("answers two phones at a time and asks the others to wait", async () => {
    const { url } = await shareHere({
      chat: (_, __, gone) => new Promise((resolve) => gone.addEventListener("abort", () => resolve())),
    });
    const chat = post({ messages: [{ role: "user", content: "hi" }], tuned: true, greedy: false });
    const leave = new AbortController();
    const open = [1, 2].map(() => fetch(`${url}api/chat`, { ...chat, signal: leave.signal }));
    await Promise.all(open);
    const third = await fetch(`${url}api/chat`, chat);
    expect(third.status).toBe(503);
    leave.abort();
    await eventually(
      async () => {
        const hurry = new AbortController();
        const { status } = await fetch(`${url}api/chat`, { ...chat, signal: hurry.signal });
        hurry.abort();
        return status;
      },
      (status) => status === 200,
    );
  });
});

describe("a file for a phone", () => {
  it("is sent whole, with its name, its length and its digest as tag", async () => {
    const shared = await shareHere();
    const url = await readyFile(shared);
    const head = await fetch(url, { method: "HEAD" });
    const whole = await fetch(url);
    for (const answer of [head, whole]) {
      expect(answer.status).toBe(200);
      expect(answer.headers.get("content-length")).toBe(String(shared.content.length));
      expect(answer.headers.get("content-disposition")).toBe('attachment; filename="wake-me.android.gguf"');
      expect(answer.headers.get("etag")).toBe(`"${sha256(shared.content)}"`);
      expect(answer.headers.get("accept-ranges")).toBe("bytes");
    }
    expect((await bytesOf(whole)).equals(shared.content)).toBe(true);
  });

  it("is sent in ranges, and refuses what lies beyond it", async () => {
    const shared = await shareHere({ bytes: 1000 });
    const url = await readyFile(shared);
    const tag = `"${sha256(shared.content)}"`;
    const ask = (range: string, more: Record<string, string> = {}) => fetch(url, asPhone({ Range: range, ...more }));
    for (const [range, from, to] of [
      ["bytes=0-99", 0, 100],
      ["bytes=990-", 990, 1000],
      ["bytes=-10", 990, 1000],
      ["bytes=500-99999", 500, 1000],
    ] as const) {
      const answer = await ask(range);
      expect(answer.status, range).toBe(206);
      expect(answer.headers.get("content-range")).toBe(`bytes ${from}-${to - 1}/1000`);
      expect((await bytesOf(answer)).equals(shared.content.subarray(from, to)), range).toBe(true);
    }
    const beyond = await ask("bytes=1000-");
    expect(beyond.status).toBe(416);
    expect(beyond.headers.get("content-range")).toBe("bytes */1000");
    expect((await ask("bytes=5-9", { "If-Range": tag })).status).toBe(206);
    // Of another version nothing can go on; of several ranges or nonsense the whole is sent.
    for (const answer of [
      await ask("bytes=5-9", { "If-Range": '"other"' }),
      await ask("bytes=0-1,5-9"),
      await ask("lines=1-2"),
    ]) {
      expect(answer.status).toBe(200);
      expect((await bytesOf(answer)).length).toBe(1000);
    }
  });

  it("goes on after a dropped socket, and what arrives is whole", async () => {
    const shared = await shareHere({ bytes: 8_000_000 });
    const url = new URL(await readyFile(shared));
    const lines = [
      `GET ${url.pathname} HTTP/1.1`,
      "Host: phone",
      `User-Agent: ${asPhone().headers["User-Agent"]}`,
      "Connection: close",
    ];
    const dropped = await rawRequest(Number(url.port), lines, (got) => got.length > 2_000_000);
    const first = dropped.subarray(dropped.indexOf("\r\n\r\n") + 4);
    expect(first.length).toBeLessThan(8_000_000);
    await eventually(
      () => shared.share.transfers.list()[0],
      (transfer) => transfer?.state === "broken",
    );
    const rest = await fetch(
      url,
      asPhone({ Range: `bytes=${first.length}-`, "If-Range": `"${shared.file().sha256}"` }),
    );
    expect(rest.status).toBe(206);
    const arrived = Buffer.concat([first, await bytesOf(rest)]);
    expect(sha256(arrived)).toBe(shared.file().sha256);

    await eventually(
      () => shared.share.transfers.list()[0],
      (transfer) => transfer?.state === "sent",
    );
    expect(shared.share.transfers.list()[0]).toMatchObject({
      phone: "Android phone 127.0.0.1",
      sentBytes: 8_000_000,
      totalBytes: 8_000_000,
    });
    const tell = (digest: string) =>
      fetch(`${shared.url}api/event`, {
        ...post({ event: "verified", kind: "android", sha256: digest }),
        headers: { ...post("").headers, ...asPhone().headers },
      });
    expect((await tell("0".repeat(64))).status).toBe(409);
    expect(shared.share.transfers.list()[0]?.state).toBe("sent");
    expect((await tell(sha256(arrived))).status).toBe(200);
    expect(shared.share.transfers.list()[0]?.state).toBe("verified");
  });

  it("goes to several phones at once, and speed and amount are told of each", async () => {
    const shared = await shareHere({ bytes: 20_000_000 });
    const url = await readyFile(shared);
    const phones = ["Android 14; Pixel 7) Mobile", "iPhone; CPU iPhone OS 18", "iPad; CPU OS 18"].map(
      (agent) => `Mozilla/5.0 (${agent}`,
    );
    const got = await Promise.all(
      phones.map(async (agent) => sha256(await bytesOf(await fetch(url, { headers: { "User-Agent": agent } })))),
    );
    expect(new Set(got)).toEqual(new Set([shared.file().sha256]));
    const transfers = await eventually(
      () => shared.share.transfers.list(),
      (list) => list.every(({ state }) => state === "sent"),
    );
    expect(transfers.map(({ phone }) => phone).sort()).toEqual([
      "Android phone 127.0.0.1",
      "iPad 127.0.0.1",
      "iPhone 127.0.0.1",
    ]);
    expect(transfers.every(({ sentBytes, seconds }) => sentBytes === 20_000_000 && seconds > 0)).toBe(true);
  });

  it("is not sent any more once it has changed on disk", async () => {
    const shared = await shareHere();
    const url = await readyFile(shared);
    utimesSync(shared.file().path, new Date(), new Date(0));
    expect((await fetch(url)).status).toBe(410);
  });

  it("is made when it is asked for, once, and again after a failure", async () => {
    let made = 0;
    const shared = await shareHere({
      make: async (kind, onProgress) => {
        made += 1;
        onProgress(0.5, 2);
        if (made === 1) throw new Error("no space");
        return { path: `${shared.folder}/merged.gguf`, name: `${kind}.gguf`, proof: null };
      },
    });
    const prepare = async () =>
      (await (await fetch(`${shared.url}api/prepare`, post({ kind: "android" }))).json()) as PhonePageFacts;
    expect((await prepare()).files[0]?.state).toBe("preparing");
    await eventually(
      () => shared.share.files.state("android"),
      (file) => file?.state === "failed",
    );
    await prepare();
    await prepare();
    await eventually(
      () => shared.share.files.state("android"),
      (file) => file?.state === "ready",
    );
    expect(made).toBe(2);
  });
});
