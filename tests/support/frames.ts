import type { CDPSession, Page } from "playwright";

/** How smoothly a window draws while something happens to it. */
export interface Smoothness {
  readonly frames: number;
  /** Milliseconds from one frame to the next. */
  readonly medianMs: number;
  readonly p95Ms: number;
  /** The longest that the window stood still. */
  readonly worstMs: number;
  readonly framesPerSecond: number;
  /** Milliseconds of processor time of the window's own thread for each frame: script, style, layout and painting. */
  readonly workMs: number;
}

/** Measures while `work` goes on; it should take a few seconds. */
export async function smoothness(page: Page, work: () => Promise<void>): Promise<Smoothness> {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  await page.evaluate(() => {
    const times: number[] = [];
    Object.assign(window, { frameTimes: times });
    const note = (time: number) => {
      times.push(time);
      if (times.length < 100_000 && "frameTimes" in window) requestAnimationFrame(note);
    };
    requestAnimationFrame(note);
  });
  const before = await busySeconds(session);
  await work();
  const after = await busySeconds(session);
  const times = await page.evaluate(() => {
    const all = (window as unknown as { frameTimes: number[] }).frameTimes;
    Reflect.deleteProperty(window, "frameTimes");
    return all;
  });
  await session.detach();
  const gaps = times.slice(1).map((time, index) => time - (times[index] as number));
  gaps.sort((left, right) => left - right);
  const at = (share: number) => gaps[Math.min(gaps.length - 1, Math.floor(share * gaps.length))] ?? Number.NaN;
  const rounded = (value: number) => Math.round(100 * value) / 100;
  return {
    frames: gaps.length,
    medianMs: rounded(at(0.5)),
    p95Ms: rounded(at(0.95)),
    worstMs: rounded(at(1)),
    framesPerSecond: rounded(1000 / (gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length)),
    workMs: rounded((1000 * (after - before)) / gaps.length),
  };
}

async function busySeconds(session: CDPSession): Promise<number> {
  const { metrics } = await session.send("Performance.getMetrics");
  return metrics.find(({ name }) => name === "TaskDuration")?.value ?? 0;
}

/** The pointer goes to and fro over a place, about sixty times a second, for so many milliseconds. */
export async function wander(page: Page, label: string, milliseconds: number): Promise<void> {
  const box = await page.getByRole("application", { name: label }).boundingBox();
  if (!box) throw new Error(`nothing is called ${label}`);
  const begin = performance.now();
  for (let passed = 0; passed < milliseconds; passed = performance.now() - begin) {
    const share = 0.5 + 0.42 * Math.sin(passed / 400);
    await page.mouse.move(box.x + box.width * share, box.y + box.height * (0.5 + 0.3 * Math.cos(passed / 300)));
    await page.waitForTimeout(12);
  }
}

/** Zooms in and out by the wheel around the middle of a chart for so many milliseconds. */
export async function wheel(page: Page, label: string, milliseconds: number): Promise<void> {
  const box = await page.getByRole("application", { name: label }).boundingBox();
  if (!box) throw new Error(`nothing is called ${label}`);
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.keyboard.down("Control");
  const begin = performance.now();
  for (let passed = 0; passed < milliseconds; passed = performance.now() - begin) {
    await page.mouse.wheel(0, Math.floor(passed / 1000) % 2 === 0 ? -40 : 40);
    await page.waitForTimeout(12);
  }
  await page.keyboard.up("Control");
}
