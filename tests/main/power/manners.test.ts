import type { PowerReading } from "@main/power/reading";
import type { Settings } from "@shared/models/settings";
import { describe, expect, it, vi } from "vitest";
import { eventually, openStudio, runUntil, type Studio, startRun, stock } from "../../support/studio";

// The queue with its fake engine, on a machine whose battery, heat and clock the test decides.

interface Machine {
  battery: PowerReading["battery"];
  heat: PowerReading["heat"];
  hour: number;
  awake: number;
  tell?: () => void;
}

const mains = { discharging: false, percent: 50 };
const battery = (percent: number) => ({ discharging: true, percent });

async function openOn(settings: Partial<Settings> = {}, changes: Partial<Machine> = {}) {
  const machine: Machine = { battery: mains, heat: null, hour: 12, awake: 0, ...changes };
  const studio = await openStudio({
    shell: {
      kind: "served",
      pick: async () => ({ supported: false, path: null }),
      reveal: async () => ({ supported: false }),
      keepAwake: () => {
        machine.awake += 1;
        return () => {
          machine.awake -= 1;
        };
      },
      readPower: async () => ({ battery: machine.battery, heat: machine.heat }),
      onPower: (listener) => {
        machine.tell = listener;
        return () => {
          delete machine.tell;
        };
      },
    },
    looks: { now: () => new Date(2026, 2, 10, machine.hour), intervalMs: 10 },
  });
  await studio.client.settings.set(settings);
  await stock(studio);
  return { studio, machine };
}

const holds = async ({ client }: Studio) => (await client.runs.queue()).holds.map(({ why }) => why);
const holding = (studio: Studio, ...why: string[]) =>
  eventually(
    () => holds(studio),
    (found) => found.join() === why.join(),
  );

describe("training", () => {
  it("waits at a checkpoint while the battery is low, and goes on by itself on mains", async () => {
    const { studio, machine } = await openOn();
    studio.engine.stepMs = 20;
    const { id } = await startRun(studio);
    await runUntil(studio, id, ({ progress }) => (progress?.step ?? 0) >= 3);
    machine.battery = battery(29);
    const waiting = await runUntil(studio, id, ({ state }) => state === "queued");
    expect(waiting.resumable).toBe(true);
    expect(await studio.client.runs.queue()).toEqual({ held: false, holds: [{ why: "battery", floor: 30 }] });
    expect(studio.news.findLast(({ path }) => path === "runs.queueChanged")?.payload).toMatchObject({
      holds: [{ why: "battery" }],
    });
    const { log } = await studio.client.runs.history({ id });
    expect(log.at(-1)?.text).toBe(
      "The battery is below 30 % and the machine is not plugged in. The run goes on by itself.",
    );
    // Just above the floor is not enough: it would come and go with every per cent.
    machine.battery = battery(31);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect((await studio.client.runs.get({ id })).state).toBe("queued");
    machine.battery = { discharging: false, percent: 10 };
    const done = await runUntil(studio, id, ({ state }) => state === "done");
    expect(done.progress?.step).toBe(18);
    expect(studio.engine.trained.map(({ resume }) => resume)).toEqual([false, true]);
  });

  it("does not mind a battery that the person does not mind", async () => {
    const { studio } = await openOn({ batteryFloor: 0 }, { battery: battery(4) });
    const { id } = await startRun(studio);
    await runUntil(studio, id, ({ state }) => state === "done");
  });

  it("waits while it is too hot until it is cool again, and looks at once when the system says something", async () => {
    const { studio, machine } = await openOn();
    machine.heat = { hot: true, cool: false, celsius: 96 };
    machine.tell?.();
    await holding(studio, "heat");
    const { id } = await startRun(studio);
    machine.heat = { hot: false, cool: false, celsius: 88 };
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect((await studio.client.runs.get({ id })).state).toBe("queued");
    machine.heat = { hot: false, cool: true, celsius: 70 };
    await runUntil(studio, id, ({ state }) => state === "done");
  });

  it("keeps to its hours, and keeps the machine awake for them", async () => {
    const { studio, machine } = await openOn({ hours: { from: "22:00", to: "07:00" } });
    await holding(studio, "hours");
    expect(machine.awake).toBe(0);
    const { id } = await startRun(studio);
    expect(machine.awake).toBe(1);
    expect((await studio.client.runs.get({ id })).state).toBe("queued");
    expect(await studio.client.runs.queue()).toEqual({
      held: false,
      holds: [{ why: "hours", opensAt: new Date(2026, 2, 10, 22).toISOString() }],
    });
    studio.engine.stepMs = 30;
    machine.hour = 23;
    await runUntil(studio, id, ({ progress }) => (progress?.step ?? 0) >= 2);
    machine.hour = 7;
    await runUntil(studio, id, ({ state }) => state === "queued");
    machine.hour = 22;
    studio.engine.stepMs = 1;
    await runUntil(studio, id, ({ state }) => state === "done");
    await vi.waitFor(() => expect(machine.awake).toBe(0));
  });

  it("is not kept from its end by a hold of the person, and begins nothing when both let go but one", async () => {
    const { studio, machine } = await openOn({}, { battery: battery(10) });
    await holding(studio, "battery");
    await studio.client.runs.hold({ held: true });
    const { id } = await startRun(studio);
    machine.battery = mains;
    await holding(studio);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect((await studio.client.runs.get({ id })).state).toBe("queued");
    await studio.client.runs.hold({ held: false });
    await runUntil(studio, id, ({ state }) => state === "done");
  });

  it("waits for nothing where somebody waits at a terminal", async () => {
    const studio = await openStudio({
      manners: false,
      looks: { now: () => new Date(2026, 2, 10, 12), intervalMs: 10 },
    });
    await studio.client.settings.set({ hours: { from: "22:00", to: "07:00" } });
    await stock(studio);
    const { id } = await startRun(studio);
    await runUntil(studio, id, ({ state }) => state === "done");
  });

  it("keeps the system awake, unless that is switched off", async () => {
    const { studio, machine } = await openOn();
    studio.engine.stepMs = 10;
    const first = await startRun(studio);
    await runUntil(studio, first.id, ({ state }) => state === "running");
    expect(machine.awake).toBe(1);
    await studio.client.settings.set({ keepAwake: false });
    expect(machine.awake).toBe(0);
    await studio.client.settings.set({ keepAwake: true });
    expect(machine.awake).toBe(1);
    await studio.close();
    expect(machine.awake).toBe(0);
  });

  it("takes up another pace at once", async () => {
    const { studio } = await openOn({ pace: "quiet" });
    studio.engine.stepMs = 10;
    const { id } = await startRun(studio);
    await runUntil(studio, id, ({ progress }) => (progress?.step ?? 0) >= 2);
    expect(studio.engine.trained[0]).toMatchObject({ duty: 0.5 });
    expect(studio.engine.trained[0]?.model.threads).toBeGreaterThan(0);
    await studio.client.settings.set({ pace: "full" });
    await eventually(
      () => studio.engine.paces.at(-1),
      (told) => told?.runId === id && told.duty === 1,
    );
  });
});
