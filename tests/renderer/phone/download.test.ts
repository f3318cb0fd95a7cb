import { createHash } from "node:crypto";
import { digestOf, download } from "@renderer/phone/download";
import { afterEach, describe, expect, it, vi } from "vitest";

const content = new Uint8Array(3_000_000).map((_, index) => (index * 31) % 251);
const sha256 = createHash("sha256").update(content).digest("hex");
const wanted = { name: "wake-me.q4_0.gguf", bytes: content.length, sha256 };
const never = new AbortController().signal;

afterEach(() => vi.unstubAllGlobals());

/** A computer that answers ranges and cuts its first answers after so many bytes. */
function serve(cuts: number[], { status = 206, bytes = content } = {}) {
  const ranges: string[] = [];
  vi.stubGlobal("fetch", async (_: string, init: RequestInit) => {
    const headers = new Headers(init.headers);
    const range = headers.get("Range") ?? "";
    ranges.push(range);
    expect(headers.get("If-Range")).toBe(`"${sha256}"`);
    const rest = bytes.subarray(Number(/\d+/.exec(range)?.[0]));
    const cut = cuts.shift();
    // An error empties what is queued, so it comes only when the piece before was read.
    let pulled = false;
    const body = new ReadableStream<Uint8Array>(
      {
        pull: (controller) => {
          if (pulled || cut === 0)
            return cut === undefined ? controller.close() : controller.error(new TypeError("cut"));
          pulled = true;
          controller.enqueue(rest.subarray(0, cut));
        },
      },
      { highWaterMark: 0 },
    );
    return new Response(body, { status });
  });
  return ranges;
}

describe("a download on the phone", () => {
  it("gives the file with its progress", async () => {
    const ranges = serve([]);
    const shares: number[] = [];
    const blob = await download(wanted, (done) => shares.push(done), never);
    expect(await digestOf(blob, () => undefined, never)).toBe(sha256);
    expect(ranges).toEqual(["bytes=0-"]);
    expect(shares.at(-1)).toBe(content.length);
  });

  it("goes on where it was when the connection drops", async () => {
    const ranges = serve([0, 1_000_000, 500_000]);
    const drops: number[] = [];
    const blob = await download(
      wanted,
      () => undefined,
      never,
      (count) => drops.push(count),
    );
    expect(blob.size).toBe(content.length);
    expect(drops).toEqual([1, 1, 1]);
    expect(ranges).toEqual(["bytes=0-", "bytes=0-", "bytes=1000000-", "bytes=1500000-"]);
    expect(await digestOf(blob, () => undefined, never)).toBe(sha256);
  });

  it("is refused when what arrives is not what was sent", async () => {
    const wrong = content.slice();
    wrong[1_234_567] = (wrong[1_234_567] ?? 0) ^ 1;
    serve([], { bytes: wrong });
    await expect(download(wanted, () => undefined, never)).rejects.toThrow(/not the file/);
  });

  it("does not glue pieces of two versions together", async () => {
    serve([1_000_000], { status: 200 });
    await expect(download(wanted, () => undefined, never)).rejects.toThrow(/not the file/);
  });

  it("ends at once when the address has ended", async () => {
    vi.stubGlobal("fetch", async () => new Response("This address has ended", { status: 410 }));
    await expect(download(wanted, () => undefined, never)).rejects.toThrow("This address has ended.");
  });
});
