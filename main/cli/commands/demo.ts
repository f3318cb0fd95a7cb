import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Command, CommandContext } from "@main/cli/command";
import { type ExitCode, exitCodes } from "@main/cli/exit";
import { numberFlag, readFlags } from "@main/cli/flags";
import { followRun } from "@main/cli/follow-run";
import { bar, formatCount, formatDuration, formatPercent } from "@main/cli/format";
import type { LocalServices } from "@main/cli/local-client";
import { withServices } from "@main/cli/session";
import { fromErrorData, HoneError } from "@shared/errors";
import type { RunRecord } from "@shared/models/run";

export const demo: Command = {
  name: "demo",
  summary: "tune the starter model on the starter dataset and score it",
  help: `npm run hone -- demo [--json]

The whole main job without a window: one default run, then exact answers on held-out requests before and after.
  --data-folder DIR          where it works (a new temporary folder when left out); the adapter stays there
  --threads N                cores to use (0: all)
  --json                     the last line is {before, after, trainTokensPerSecond, seconds, adapter}`,
  run: async (args, context) => {
    const { values } = readFlags(args, { "data-folder": { type: "string" }, threads: { type: "string" } });
    const threads = numberFlag(values.threads ?? "0", "--threads");
    const folder =
      values["data-folder"] === undefined
        ? await mkdtemp(join(tmpdir(), "hone-demo-"))
        : resolve(values["data-folder"]);
    return withServices(context, folder, (services) => work(services, threads, context), true);
  },
};

async function work(
  services: LocalServices,
  threads: number,
  { output, interrupted }: CommandContext,
): Promise<ExitCode> {
  const { client } = services;
  await client.settings.set({ threads });
  const model = (await client.models.list()).find(({ origin }) => origin === "starter");
  const dataset = (await client.datasets.list()).find(({ origin }) => origin === "starter");
  if (!model || !dataset)
    throw new HoneError("demo.no-starter", "The starter model and dataset are not there.", "Install Hone again.");
  output.say(
    `${model.info.name} (${formatCount(model.info.parameters)} parameters) on ${dataset.rows} rows of "${dataset.name}"`,
  );

  const plan = { modelId: model.id, datasetId: dataset.id, goal: "format" as const };
  const started = await client.runs.start({ ...plan, recipe: await client.runs.suggest(plan), name: "Demo" });
  const run = await followRun(services, started.id, output, interrupted);
  if (run.state === "paused") {
    output.result({ state: "paused", step: run.progress?.step ?? 0 }, "Interrupted.");
    return exitCodes.interrupted;
  }
  if (run.adapterId === null)
    throw run.error ? fromErrorData(run.error) : new HoneError("demo.ended", `The run ended as ${run.state}.`);

  const stop = client.adapters.scoring(({ done, total }) => {
    output.event("scoring", { done, total });
    output.live(`${bar(done / total, 20)}  scoring ${done}/${total}`);
  });
  const adapter = await client.adapters.score({ id: run.adapterId });
  stop();
  const speed = await trainingSpeed(services, run);
  const result = { before: adapter.scoreBefore, after: adapter.scoreAfter, ...speed, adapter: adapter.path };
  output.result(
    result,
    [
      `Exact answers on ${adapter.scoreAfter?.rows ?? 0} held-out requests: ${formatPercent(adapter.scoreBefore?.exactMatch ?? 0)} before, ${formatPercent(adapter.scoreAfter?.exactMatch ?? 0)} after.`,
      `Trained in ${formatDuration(speed.seconds)} at ${formatCount(speed.trainTokensPerSecond)} tokens/s.`,
      adapter.path,
    ].join("\n"),
  );
  return exitCodes.done;
}

/** Over the whole run as a person waits for it: validation, samples and checkpoints included. */
async function trainingSpeed(
  { client }: LocalServices,
  run: RunRecord,
): Promise<{ trainTokensPerSecond: number; seconds: number }> {
  const { metrics } = await client.runs.history({ id: run.id });
  const tokens = metrics.reduce((sum, point) => sum + point.tokens, 0);
  const seconds = (Date.parse(run.finishedAt ?? "") - Date.parse(run.startedAt ?? "")) / 1000;
  return { trainTokensPerSecond: tokens / seconds, seconds };
}
