import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { ShareTimes } from "@main/phone/share";
import type { PhoneChatLine, PhonePageFacts, PhoneShare } from "@shared/models/phone";
import { describe, expect, it } from "vitest";
import { tunedAnswer } from "../../support/fake-engine";
import { eventually, openStudio, runUntil, type Studio, startRun, stock } from "../../support/studio";

async function trained(phoneTimes?: Partial<ShareTimes>): Promise<{ studio: Studio; adapterId: string }> {
  const studio = await openStudio({ ...(phoneTimes ? { phoneTimes } : {}) });
  await stock(studio);
  const run = await startRun(studio, { validationShare: 0.1 });
  const done = await runUntil(studio, run.id, ({ state }) => state === "done");
  return { studio, adapterId: done.adapterId ?? "" };
}

/** The address with the token, reached on this computer itself. */
const here = ({ chosen }: PhoneShare) => chosen.url.replace(/\/\/[^:]+:/, "//127.0.0.1:");
const factsOf = async (share: PhoneShare) => (await (await fetch(`${here(share)}api/share`)).json()) as PhonePageFacts;
const post = (value: unknown) => ({
  method: "POST",
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify(value),
});

async function chat(share: PhoneShare, content: string, tuned: boolean): Promise<PhoneChatLine[]> {
  const asked = post({ messages: [{ role: "user", content }], tuned, greedy: true });
  const text = await (await fetch(`${here(share)}api/chat`, asked)).text();
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as PhoneChatLine);
}

describe("sending to a phone", () => {
  it("shares a finished adapter with a probe that tells base and tuned apart", async () => {
    const { studio, adapterId } = await trained();
    const share = await studio.client.phone.open({ adapterId });
    expect(share).toMatchObject({ adapterId, ended: null, files: [], visitors: [] });
    const { probe, ...facts } = await eventually(
      () => factsOf(share),
      ({ probeState }) => probeState === "found",
    );
    expect(probe?.prompt).toMatch(/^question number \d+$/);
    expect(probe?.base).toBe("I do not know.");
    expect(tunedAnswer(probe?.prompt ?? "").startsWith(probe?.expected ?? "-")).toBe(true);
    expect(JSON.stringify(facts)).not.toContain(studio.folder);
  });

  it("answers a phone with the adapter or without, and says which", async () => {
    const { studio, adapterId } = await trained();
    const share = await studio.client.phone.open({ adapterId });
    const said = (lines: PhoneChatLine[]) => lines.map((line) => ("text" in line ? line.text : "")).join("");
    const tuned = await chat(share, "tell me more", true);
    expect(said(tuned)).toBe(tunedAnswer("tell me more"));
    expect(tuned.at(-1)).toMatchObject({ end: { reason: "end", withAdapter: true, modelName: "Tiny", error: null } });
    const base = await chat(share, "tell me more", false);
    expect(said(base)).toBe("I do not know.");
    expect(base.at(-1)).toMatchObject({ end: { withAdapter: false } });
  });

  it("tells a phone that it cannot answer without naming a file", async () => {
    const { studio, adapterId } = await trained();
    const share = await studio.client.phone.open({ adapterId });
    await studio.client.adapters.remove({ id: adapterId });
    const [end] = await chat(share, "tell me more", true);
    expect(end).toMatchObject({ end: { reason: "failed", withAdapter: null, error: { code: "adapter.unknown" } } });
    expect(JSON.stringify(end)).not.toContain(studio.folder);
  });

  it("makes files in a folder that is gone when the sheet closes", async () => {
    const { studio, adapterId } = await trained();
    const folder = join(studio.folder, "data", "phone");
    const share = await studio.client.phone.open({ adapterId });
    await studio.client.phone.prepare({ kind: "adapter" });
    const facts = await eventually(
      () => factsOf(share),
      ({ files }) => files[0]?.state === "ready",
    );
    expect(facts.files[0]?.name).toMatch(/^[a-z0-9-]+\.lora-f16\.gguf$/);
    expect(readdirSync(folder).length).toBeGreaterThan(0);
    expect((await fetch(`${here(share)}files/${facts.files[0]?.name}`)).status).toBe(200);
    await studio.client.phone.close({ id: share.id });
    expect(existsSync(folder)).toBe(false);
    await expect(fetch(here(share))).rejects.toThrow();
    expect(studio.news.findLast(({ path }) => path === "phone.changed")?.payload).toMatchObject({ ended: "closed" });
    await expect(studio.client.phone.prepare({ kind: "adapter" })).rejects.toThrow(/Nothing is shared/);
  });

  it("makes one merged file for an app, of a type that keeps the adapter", async () => {
    const { studio, adapterId } = await trained();
    const share = await studio.client.phone.open({ adapterId });
    expect(share.apps.android.holds).toContain("Q4_0");
    expect(share.apps.android).toMatchObject({ whyNot: "" });
    expect(share.apps.iphone).toMatchObject({ whyNot: "" });
    await fetch(`${here(share)}api/prepare`, post({ kind: "iphone" }));
    const facts = await eventually(
      () => factsOf(share),
      ({ files }) => files[0]?.state === "ready" || files[0]?.state === "failed",
    );
    expect(facts.files[0]).toMatchObject({ kind: "iphone", state: "ready" });
    // The rows of the fake model do not fill the blocks of Q4_K_M.
    expect(facts.files[0]?.name).toMatch(/\.q8_0\.gguf$/);
    await fetch(`${here(share)}api/prepare`, post({ kind: "android" }));
    const both = await eventually(
      () => factsOf(share),
      ({ files }) => files[1]?.state === "ready" || files[1]?.state === "failed",
    );
    expect(both.files[1]?.name).toMatch(/\.q4_0\.gguf$/);
    // Its exports are not those of the window.
    expect(studio.news.filter(({ path }) => path === "exports.progress")).toEqual([]);
  });

  it("tries Q8_0 where the usual type loses the adapter, and says why when none keeps it", async () => {
    const { studio, adapterId } = await trained();
    studio.engine.agreement = 0.5;
    const share = await studio.client.phone.open({ adapterId });
    await studio.client.phone.prepare({ kind: "android" });
    await eventually(
      () => factsOf(share),
      ({ files }) => files[0]?.state === "failed",
    );
    const told = await studio.client.phone.stay({ id: share.id });
    expect(told?.files[0]?.error).toMatchObject({ code: "export.agreement" });
    expect(told?.files[0]?.error?.message).toContain("Q8_0");
    studio.engine.agreement = 1;
    await studio.client.phone.prepare({ kind: "android" });
    await eventually(
      () => factsOf(share),
      ({ files }) => files[0]?.state === "ready",
    );
  });

  it("leaves nothing behind when it ends of itself, and the next sheet starts anew", async () => {
    const { studio, adapterId } = await trained({ idleMs: 500 });
    const folder = join(studio.folder, "data", "phone");
    await studio.client.phone.open({ adapterId });
    await studio.client.phone.prepare({ kind: "adapter" });
    await eventually(
      () => studio.news.findLast(({ path }) => path === "phone.changed")?.payload as PhoneShare | undefined,
      (share) => share?.ended === "idle",
    );
    await eventually(
      () => existsSync(folder),
      (there) => !there,
    );
    const again = await studio.client.phone.open({ adapterId });
    expect((await fetch(`${here(again)}api/share`)).status).toBe(200);
  });

  it("shares one thing: a second sheet ends the first, whose window cannot close it", async () => {
    const { studio, adapterId } = await trained();
    const first = await studio.client.phone.open({ adapterId });
    const second = await studio.client.phone.open({ adapterId });
    await expect(fetch(here(first))).rejects.toThrow();
    await studio.client.phone.close({ id: first.id });
    expect(await studio.client.phone.stay({ id: first.id })).toBeNull();
    expect(await studio.client.phone.stay({ id: second.id })).toMatchObject({ ended: null });
    expect((await fetch(`${here(second)}api/share`)).status).toBe(200);
  });

  it("refuses an adapter whose file is gone, with the reason", async () => {
    const { studio, adapterId } = await trained();
    await expect(studio.client.phone.open({ adapterId: "nobody" })).rejects.toThrow(/no adapter/i);
    await studio.client.adapters.remove({ id: adapterId });
    await expect(studio.client.phone.open({ adapterId })).rejects.toThrow(/no adapter/i);
  });
});
