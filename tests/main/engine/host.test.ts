import { fileURLToPath } from "node:url";
import { EngineHost, type EngineHostOptions } from "@main/engine/host";
import { nodeSpawner } from "@main/engine/spawner";
import type { TrainInput } from "@shared/engine/protocol";
import type { EngineState } from "@shared/ipc/contract";
import { afterEach, describe, expect, it } from "vitest";

const spawner = nodeSpawner(fileURLToPath(new URL("support/odd-worker.mjs", import.meta.url)));
const quick = { pingIntervalMs: 50, pingPatience: 40, firstBackOffMs: 10, longestBackOffMs: 50, healthyMs: 60_000 };

const open: EngineHost[] = [];
afterEach(() => {
  delete process.env.ODD_WORKER;
  for (const host of open.splice(0)) host.close();
});

function withHost(options: Partial<EngineHostOptions> = {}) {
  const states: EngineState[] = [];
  const host = new EngineHost({
    role: "training",
    addonPath: "",
    spawner,
    timing: quick,
    onState: (state) => states.push(state),
    ...options,
  });
  open.push(host);
  const inspect = (path: string) => host.client.engine.inspect({ path });
  return { host, states, inspect };
}

const run = { runId: "r1" } as TrainInput;

describe("an engine host", () => {
  it("starts its process on the first call and tells its states", async () => {
    const { host, states, inspect } = withHost();
    expect(host.state.state).toBe("stopped");
    expect(await inspect("a model")).toMatchObject({ path: "a model" });
    expect(states.map(({ state }) => state)).toEqual(["starting", "ready", "busy", "ready"]);
  });

  it.each([
    ["abort", "engine.crashed", /ended unexpectedly with SIGABRT/],
    ["segmentation fault", "engine.crashed", /SIGSEGV/],
    ["killed from outside", "engine.killed", /ended from outside \(SIGKILL\)/],
    ["out of memory", "engine.out-of-memory", /ran out of memory/],
    ["exit", "engine.crashed", /exit code 3: Error: the sky is falling/],
    ["hang", "engine.hung", /stopped answering/],
  ])("names the reason when its process ends by: %s", async (deed, code, message) => {
    const { host, states, inspect } = withHost();
    await expect(inspect(deed)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    expect(host.state).toMatchObject({ lastError: { code } });
    expect(states.some(({ state, lastError }) => state === "restarting" && lastError?.code === code)).toBe(true);
    // The next call finds a new process.
    expect(await inspect("again")).toMatchObject({ path: "again" });
  });

  it("rejects every open call with the same reason", async () => {
    const { inspect } = withHost();
    const calls = await Promise.allSettled([inspect("hang"), inspect("waits behind it")]);
    expect(calls.map((call) => call.status === "rejected" && (call.reason as { code: string }).code)).toEqual([
      "engine.hung",
      "engine.hung",
    ]);
  });

  it("ends the run and the answers that were going on", async () => {
    const { host, inspect } = withHost();
    const ends: unknown[] = [];
    host.client.train.ended((end) => ends.push(end));
    host.client.chat.end((end) => ends.push(end));
    await host.client.train.start(run);
    await host.client.chat.generate({ generationId: "g1" } as never);
    expect(host.state.state).toBe("busy");
    await expect(inspect("abort")).rejects.toMatchObject({ code: "engine.crashed" });
    expect(ends).toMatchObject([
      { runId: "r1", end: "failed", error: { code: "engine.crashed" } },
      { generationId: "g1", reason: "failed", error: { code: "engine.crashed" } },
    ]);
  });

  it("keeps listeners over a restart", async () => {
    const { host, inspect } = withHost();
    const ends: string[] = [];
    host.client.train.ended(({ end }) => ends.push(end));
    await expect(inspect("abort")).rejects.toThrow();
    await host.client.train.start(run);
    await host.client.train.stop({ runId: "r1", how: "checkpoint" });
    expect(ends).toEqual(["stopped"]);
    expect(host.state.state).toBe("ready");
  });

  it("gives up on a process that never comes up, until somebody asks again", async () => {
    process.env.ODD_WORKER = "dies at once";
    const { host, inspect, states } = withHost({ timing: { ...quick, patience: 3 } });
    await expect(inspect("a model")).rejects.toMatchObject({ code: "engine.crashed" });
    await expect.poll(() => host.state.state, { timeout: 20_000 }).toBe("stopped");
    expect(states.filter(({ state }) => state === "restarting").length).toBeGreaterThan(1);
    delete process.env.ODD_WORKER;
    expect(await inspect("a model")).toMatchObject({ path: "a model" });
  });

  it("rejects calls once it is closed", async () => {
    const { host, inspect } = withHost();
    const waiting = inspect("hang");
    await expect.poll(() => host.state.state).toBe("busy");
    host.close();
    await expect(waiting).rejects.toMatchObject({ code: "engine.closed" });
    await expect(inspect("a model")).rejects.toMatchObject({ code: "engine.closed" });
  });
});
