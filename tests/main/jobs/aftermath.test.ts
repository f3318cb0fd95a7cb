import type { RunEnding } from "@shared/models/run";
import { describeEnding } from "@shared/models/run-ending";
import { describe, expect, it, vi } from "vitest";
import { recipeWith } from "../../support/recipe";
import { eventually, openStudio, runUntil, type Studio, startRun, stock } from "../../support/studio";

const endings = ({ news }: Studio) =>
  news.filter(({ path }) => path === "runs.ended").map(({ payload }) => payload as RunEnding);
const ended = (studio: Studio, count: number) =>
  eventually(
    () => endings(studio),
    (found) => found.length === count,
  );

async function openNotified() {
  const notify = vi.fn();
  const studio = await openStudio({
    aftermath: true,
    shell: {
      kind: "electron",
      pick: async () => ({ supported: false, path: null }),
      reveal: async () => ({ supported: false }),
      keepAwake: () => () => undefined,
      readPower: async () => ({ battery: null, heat: null }),
      notify,
    },
  });
  await stock(studio);
  return { studio, notify };
}

describe("a run that has ended", () => {
  it("is measured by itself before the next one begins, and the desktop tells the result", async () => {
    const { studio, notify } = await openNotified();
    const first = await startRun(studio);
    const second = await startRun(studio);
    const [ending] = await ended(studio, 2);
    expect(ending).toEqual({
      id: first.id,
      title: `“${first.name}” is done`,
      text: "From 0 % to 100 % answers with the same JSON.",
    });
    expect(notify).toHaveBeenCalledWith(ending?.title, ending?.text);
    const [adapter] = (await studio.client.adapters.list()).filter(({ runId }) => runId === first.id);
    expect(adapter).toMatchObject({ scoreAfter: { rows: 4 }, effect: { answers: 4 } });
    // Windows that are open hear of it.
    const last = studio.news.findLastIndex(({ path }) => path === "adapters.scoring");
    expect(studio.news.slice(last).map(({ path }) => path)).toContain("adapters.changed");
    const scored = studio.news.findIndex(({ path }) => path === "adapters.scoring");
    const begun = studio.news.findIndex(
      ({ path, payload }) =>
        path === "runs.changed" &&
        JSON.stringify(payload).includes('"running"') &&
        (payload as RunEnding).id === second.id,
    );
    expect(scored).toBeGreaterThan(-1);
    expect(scored).toBeLessThan(begun);
  });

  it("is told without a score where there is nothing to measure on, or nobody wants it measured", async () => {
    const { studio, notify } = await openNotified();
    await startRun(studio, { validationShare: 0 });
    await ended(studio, 1);
    await studio.client.settings.set({ measureAfterRun: false, notify: false });
    await startRun(studio);
    const [without, unwanted] = await ended(studio, 2);
    expect(without?.text).toMatch(/^Its adapter is ready/);
    expect(unwanted?.text).toBe("Its adapter is ready; validation loss 0.500.");
    expect(notify).toHaveBeenCalledTimes(1);
  });

  it("is told when it has failed, with the reason", async () => {
    const { studio, notify } = await openNotified();
    studio.engine.fails = () => true;
    const { id } = await startRun(studio);
    await runUntil(studio, id, ({ state }) => state === "failed");
    const [ending] = await ended(studio, 1);
    expect(ending).toMatchObject({ title: expect.stringContaining("failed"), text: "This recipe is bound to fail." });
    expect(notify).toHaveBeenCalledTimes(1);
  });

  it("within a sweep is told with the last of its runs, and who won", async () => {
    const { studio, notify } = await openNotified();
    studio.engine.validationLoss = ({ rank }) => rank / 10;
    const [model] = await studio.client.models.list();
    const [dataset] = await studio.client.datasets.list();
    const plan = { modelId: model?.id ?? "", datasetId: dataset?.id ?? "", goal: "format" as const };
    const sweep = await studio.client.runs.sweep({
      ...plan,
      recipe: recipeWith(),
      grid: { rank: [4, 2, 8] },
      name: "Ranks",
    });
    expect(await ended(studio, 1)).toEqual([
      {
        id: sweep.runs[1]?.id,
        title: "The sweep “Ranks” is done",
        text: "The lowest validation loss is 0.200: “Ranks: rank 2”.",
      },
    ]);
    expect(notify).toHaveBeenCalledTimes(1);
    expect(studio.news.map(({ path }) => path)).not.toContain("adapters.scoring");
  });

  it("by the hand of the person is no news", async () => {
    const { studio } = await openNotified();
    studio.engine.stepMs = 30;
    const { id } = await startRun(studio);
    await runUntil(studio, id, ({ state }) => state === "running");
    await studio.client.runs.cancel({ id });
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(endings(studio)).toEqual([]);
  });
});

describe("the words for it", () => {
  const run = { id: "r", name: "Night", state: "done", error: null, progress: null } as const;

  it("name the figure that counts", () => {
    const score = { rows: 4, exactMatch: 0.5, contains: 1, jsonEqual: null, loss: 0.25 };
    const adapter = { scoreBefore: { ...score, loss: 2 }, scoreAfter: score, finalValidationLoss: 0.3 };
    expect(describeEnding(run, { ...adapter, scoreBy: "loss" }).text).toBe(
      "From 2.000 to 0.250 loss of the expected answers.",
    );
    expect(describeEnding(run, { ...adapter, scoreBy: "exact" }).text).toBe("From 50 % to 50 % exact answers.");
    expect(describeEnding(run, { ...adapter, scoreBy: null }).text).toBe(
      "Its adapter is ready; validation loss 0.300.",
    );
    expect(describeEnding(run).text).toBe("Its adapter is ready.");
  });
});
