import { BetweenRuns } from "@main/jobs/between-runs";
import { describe, expect, it, vi } from "vitest";

describe("work between two runs", () => {
  it("begins when it is asked to, one after the other, and settles as it ends", async () => {
    const between = new BetweenRuns();
    const first = between.add(async () => "one");
    const second = between.add(() => Promise.reject(new Error("two")));
    second.catch(() => undefined);
    const ended = vi.fn();
    expect(between.begin(ended)).toBe(true);
    expect(between.busy).toBe(true);
    expect(await first).toBe("one");
    await vi.waitFor(() => expect(ended).toHaveBeenCalledTimes(1));
    expect(between.begin(ended)).toBe(true);
    await expect(second).rejects.toThrow("two");
    await vi.waitFor(() => expect(between.busy).toBe(false));
    expect(between.begin(ended)).toBe(false);
  });

  it("is told to end when the queue closes, and what has not begun never does", async () => {
    const between = new BetweenRuns();
    const atWork = between.add(
      (signal) => new Promise<string>((resolve) => signal.addEventListener("abort", () => resolve("ended"))),
    );
    const waiting = vi.fn(async () => undefined);
    const never = between.add(waiting);
    never.catch(() => undefined);
    between.begin(() => undefined);
    await between.close();
    expect(await atWork).toBe("ended");
    await expect(never).rejects.toMatchObject({ code: "queue.closed" });
    expect(waiting).not.toHaveBeenCalled();
  });
});
