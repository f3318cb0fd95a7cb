import { Database } from "@main/storage/database";
import { HoneError } from "@shared/errors";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { eventually, openStudio, runUntil, startRun, stock } from "../../support/studio";

/** From now on nothing can be stored, as on a full disk. Returns the end of that. */
function fillDisk(): () => void {
  const writes = vi.spyOn(Database.prototype, "run").mockImplementation(() => {
    throw new HoneError(
      "disk.full",
      "The database cannot be written: the disk is full.",
      "Free some space on its disk.",
    );
  });
  const complaints = vi.spyOn(console, "error").mockImplementation(() => undefined);
  onTestFinished(() => {
    writes.mockRestore();
    complaints.mockRestore();
  });
  return () => writes.mockRestore();
}

describe("a queue whose database cannot be written for a while", () => {
  it("ends the run at work, and begins the next, as soon as there is room again", async () => {
    const studio = await openStudio();
    await stock(studio);
    studio.engine.stepMs = 20;
    const first = await startRun(studio);
    const second = await startRun(studio);
    await runUntil(studio, first.id, ({ progress }) => (progress?.step ?? 0) >= 7);
    const makeRoom = fillDisk();
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect((await studio.client.runs.get({ id: first.id })).state).toBe("running");
    expect((await studio.client.runs.get({ id: second.id })).state).toBe("queued");
    makeRoom();
    await eventually(
      () => studio.client.runs.list(),
      (runs) => runs.every(({ state }) => state === "done"),
    );
    const { metrics } = await studio.client.runs.history({ id: first.id });
    expect(metrics.map(({ step }) => step)).toEqual(Array.from({ length: 18 }, (_, index) => index + 1));
  });

  it("fails none of its runs for want of room: they wait until there is some", { timeout: 60_000 }, async () => {
    const studio = await openStudio();
    await stock(studio);
    const real = Database.prototype.run;
    const writes = vi.spyOn(Database.prototype, "run").mockImplementation(function (this: Database, sql, values) {
      if (sql.includes("INTO adapters")) throw new HoneError("disk.full", "The disk is full.", "");
      return real.call(this, sql, values);
    });
    onTestFinished(() => writes.mockRestore());
    const first = await startRun(studio);
    const second = await startRun(studio);
    const log = await eventually(
      async () => (await studio.client.runs.history({ id: first.id })).log.map(({ text }) => text).join(" "),
      (text) => text.includes("goes on by itself once there is room"),
    );
    expect(log).toContain("The disk is full.");
    expect((await studio.client.runs.list()).map(({ state }) => state)).toEqual(["queued", "queued"]);
    expect((await studio.client.runs.queue()).holds).toEqual([{ why: "disk" }]);
    writes.mockRestore();
    await eventually(
      () => studio.client.runs.list(),
      (runs) => runs.every(({ state }) => state === "done"),
    );
    expect((await studio.client.runs.queue()).holds).toEqual([]);
    expect((await studio.client.adapters.list()).map(({ runId }) => runId).sort()).toEqual(
      [first.id, second.id].sort(),
    );
  });

  it("begins a run once its start can be stored", async () => {
    const studio = await openStudio();
    await stock(studio);
    await studio.client.runs.hold({ held: true });
    const { id } = await startRun(studio);
    // The start of a run is the first thing to be stored after the queue is let go.
    const real = Database.prototype.run;
    const writes = vi.spyOn(Database.prototype, "run").mockImplementation(function (this: Database, sql, values) {
      if (!sql.includes("settings")) throw new Error("full");
      return real.call(this, sql, values);
    });
    const complaints = vi.spyOn(console, "error").mockImplementation(() => undefined);
    onTestFinished(() => {
      writes.mockRestore();
      complaints.mockRestore();
    });
    await studio.client.runs.hold({ held: false });
    expect((await studio.client.runs.get({ id })).state).toBe("queued");
    expect(complaints).toHaveBeenCalledWith(expect.stringContaining("A run waits"), "full");
    writes.mockRestore();
    await runUntil(studio, id, ({ state }) => state === "done");
  });
});
