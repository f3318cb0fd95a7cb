import { startHeartbeat } from "@main/engine/heartbeat";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const never = () => new Promise<void>(() => undefined);

it("calls the other side hung after so many silent intervals", async () => {
  const hung = vi.fn();
  startHeartbeat(never, hung, { intervalMs: 1_000, patience: 3 });
  await vi.advanceTimersByTimeAsync(3_000);
  expect(hung).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(hung).toHaveBeenCalledOnce();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(hung).toHaveBeenCalledOnce();
});

it("forgives a slow answer", async () => {
  const hung = vi.fn();
  const slow = () => new Promise<void>((resolve) => setTimeout(resolve, 2_500));
  const stop = startHeartbeat(slow, hung, { intervalMs: 1_000, patience: 3 });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(hung).not.toHaveBeenCalled();
  stop();
});
