import { existsSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { basename, extname, join, resolve } from "node:path";
import type { Command, CommandContext } from "@main/cli/command";
import { exitCodes } from "@main/cli/exit";
import { activationFlag, activationHelp, choiceFlag, numberFlag, readFlags, required } from "@main/cli/flags";
import { followRun } from "@main/cli/follow-run";
import { formatBytes, formatCount, formatDuration, formatPercent } from "@main/cli/format";
import type { LocalServices } from "@main/cli/local-client";
import { readRecipeFlags, recipeHelp, recipeOptions } from "@main/cli/recipe-flags";
import { withServices } from "@main/cli/session";
import { UsageError } from "@main/cli/usage-error";
import { writeTextAtomic } from "@main/storage/files";
import { fromErrorData, HoneError } from "@shared/errors";
import { datasetFormats } from "@shared/models/dataset";
import type { ChoosableActivation } from "@shared/models/model";
import { goals, type Recipe } from "@shared/models/recipe";
import type { RunRecord } from "@shared/models/run";

const options = {
  model: { type: "string" },
  data: { type: "string" },
  format: { type: "string" },
  goal: { type: "string" },
  name: { type: "string" },
  out: { type: "string" },
  type: { type: "string" },
  resume: { type: "boolean" },
  score: { type: "boolean" },
  threads: { type: "string" },
  device: { type: "string" },
  activation: { type: "string" },
} as const;

export const train: Command = {
  name: "train",
  summary: "tune a model on a file of examples",
  help: `npm run hone -- train --model FILE --data FILE [--goal GOAL] [--out DIR]
npm run hone -- train --resume --out DIR

Writes DIR/NAME-hone with the checked adapter, and DIR/run.json with settings, curve and log. Ctrl+C keeps a checkpoint in
DIR (exit code 130); --resume goes on from there, also after a crash.
  --goal GOAL                ${goals.join(", ")} (format when left out)
  --format FORMAT            of the data, when the guess is wrong: ${datasetFormats.join(", ")}
  --name NAME                of the run and its adapter
  --type f32|f16             of the exported adapter (f32)
  --score                    score base and adapter on held-out rows afterwards
${activationHelp}
  --threads N, --device ID   where to compute
  --json                     events and result as JSON, one object per line
The recipe follows from goal, model and data; each setting can be given instead:
${recipeHelp}`,
  run: async (args, context) => {
    const { values } = readFlags(args, { ...options, ...recipeOptions });
    const changes = readRecipeFlags(values);
    const request: TrainRequest = {
      model: values.model,
      data: values.data,
      name: values.name,
      resume: values.resume === true,
      score: values.score === true,
      format: values.format === undefined ? undefined : choiceFlag(values.format, "--format", datasetFormats),
      goal: choiceFlag(values.goal ?? "format", "--goal", goals),
      type: choiceFlag(values.type ?? "f32", "--type", ["f32", "f16"]),
      threads: values.threads === undefined ? undefined : numberFlag(values.threads, "--threads"),
      device: values.device,
      activation: activationFlag(values.activation).activation,
      out: resolve(values.out ?? defaultOut(values.data, values.resume === true)),
      changes,
    };
    const working = join(request.out, ".hone");
    checkPlace(request, working);
    await mkdir(request.out, { recursive: true });
    let begun = request.resume || existsSync(working);
    const onBegun = () => {
      begun = true;
    };
    const ended = await withServices(context, working, (services) => work(services, request, context, onBegun)).catch(
      async (error: unknown) => {
        if (!begun) await rm(working, { recursive: true, force: true });
        throw error;
      },
    );
    if (ended.finished) await rm(working, { recursive: true, force: true });
    context.output.result(ended.result, ended.words);
    return ended.finished ? exitCodes.done : exitCodes.interrupted;
  },
};

interface TrainRequest {
  readonly model: string | undefined;
  readonly data: string | undefined;
  readonly name: string | undefined;
  readonly format: (typeof datasetFormats)[number] | undefined;
  readonly goal: (typeof goals)[number];
  readonly type: "f32" | "f16";
  readonly resume: boolean;
  readonly score: boolean;
  readonly threads: number | undefined;
  readonly device: string | undefined;
  readonly activation: ChoosableActivation | undefined;
  readonly out: string;
  readonly changes: Partial<Recipe>;
}

function defaultOut(data: string | undefined, resume: boolean): string {
  if (resume) throw new UsageError("--resume needs --out, the folder of the run.");
  const path = required(data, "--data");
  return `hone-${basename(path, extname(path))}`;
}

function checkPlace({ resume, out, model, data }: TrainRequest, working: string): void {
  if (resume && !existsSync(working)) {
    throw new HoneError(
      "train.nothing-to-resume",
      `There is no unfinished run in "${out}".`,
      "Give the --out folder of the run that was interrupted.",
    );
  }
  if (resume && (model !== undefined || data !== undefined)) {
    throw new UsageError("--resume goes on with the model and data of the run; leave --model and --data out.");
  }
}

/** A place that was left before its run was stored is as good as new. */
async function refuseUnfinished({ client }: LocalServices, out: string): Promise<void> {
  if ((await client.runs.list()).length === 0) return;
  throw new HoneError(
    "train.unfinished",
    `There is an unfinished run in "${out}".`,
    "Go on with it by --resume, or choose another --out.",
  );
}

/** Finished, or interrupted at a checkpoint. */
interface Ended {
  readonly finished: boolean;
  readonly result: object;
  readonly words: string;
}

/** `onBegun` is called once there is something that can be resumed. */
async function work(
  services: LocalServices,
  request: TrainRequest,
  { output, interrupted }: CommandContext,
  onBegun: () => void,
): Promise<Ended> {
  const { client } = services;
  const { threads, device } = request;
  if (!request.resume) await refuseUnfinished(services, request.out);
  await client.settings.set({
    ...(threads === undefined ? {} : { threads }),
    ...(device === undefined ? {} : { device }),
  });
  const begun = request.resume ? await resumed(services) : await started(services, request, output);
  onBegun();
  output.event("run", begun);
  const run = await followRun(services, begun.id, output, interrupted);
  if (run.state === "paused") {
    const words = `Interrupted at step ${run.progress?.step ?? 0}; go on with: npm run hone -- train --resume --out "${request.out}"`;
    return {
      finished: false,
      result: { state: "paused", step: run.progress?.step ?? 0, resumable: run.resumable, out: request.out },
      words,
    };
  }
  if (run.state !== "done" || run.adapterId === null) {
    throw run.error ? fromErrorData(run.error) : new HoneError("train.ended", `The run ended as ${run.state}.`);
  }
  return finish(services, request, run, run.adapterId, output);
}

async function started(
  { client }: LocalServices,
  request: TrainRequest,
  output: CommandContext["output"],
): Promise<RunRecord> {
  const model = await client.models.add({ path: resolve(required(request.model, "--model")) });
  if (request.activation) await client.models.chooseActivation({ id: model.id, activation: request.activation });
  const data = resolve(required(request.data, "--data"));
  const guess = await client.datasets.guess({ path: data, ...(request.format ? { format: request.format } : {}) });
  for (const problem of guess.problems.slice(0, 5)) output.say(`${data}:${problem.line}: ${problem.message}`);
  const dataset = await client.datasets.import({ path: data, format: guess.format });
  output.say(
    `${dataset.rows} rows as ${guess.format} (${guess.because})${dataset.skippedRows > 0 ? `; ${dataset.skippedRows} left out` : ""}`,
  );
  const ids = { modelId: model.id, datasetId: dataset.id, goal: request.goal };
  const recipe = { ...(await client.runs.suggest(ids)), ...request.changes };
  const forecast = await client.runs.forecast({ ...ids, recipe, probe: true });
  output.event("forecast", forecast);
  for (const warning of forecast.warnings) output.say(`warning: ${warning}`);
  if (!forecast.refusal) {
    const time = forecast.seconds === null ? "" : `, about ${formatDuration(forecast.seconds)}`;
    output.say(
      `${forecast.steps} steps, ${formatCount(forecast.totalTokens)} tokens${time}, ` +
        `${formatCount(forecast.trainableParameters)} parameters, ${formatBytes(forecast.peakBytes)} of memory`,
    );
  }
  const name = request.name ?? dataset.name;
  return client.runs.start({ ...ids, recipe, name });
}

async function resumed({ client }: LocalServices): Promise<RunRecord> {
  // A run that is done was killed while its adapter was being exported.
  const [run] = (await client.runs.list()).filter(({ state }) => state !== "cancelled");
  if (!run)
    throw new HoneError(
      "train.nothing-to-resume",
      "There is no unfinished run here.",
      "Start a new one with --model and --data.",
    );
  return run.state === "paused" || run.state === "failed" ? client.runs.continue({ id: run.id }) : run;
}

async function finish(
  { client }: LocalServices,
  { out, type, score }: TrainRequest,
  run: RunRecord,
  adapterId: string,
  output: CommandContext["output"],
): Promise<Ended> {
  const history = await client.runs.history({ id: run.id });
  if (score) {
    output.say("Scoring on held-out rows …");
    await client.adapters.score({ id: adapterId });
  }
  const { path: folder, bundle } = await client.exports.write({
    adapterId,
    folder: out,
    profile: "adapter",
    adapterType: type,
  });
  const { exact_answers: exact, max_logit_difference: difference } = bundle.eval;
  const last = history.metrics.at(-1);
  const tokens = history.metrics.reduce((sum, point) => sum + point.tokens, 0);
  const result = {
    adapter: join(folder, bundle.files.find(({ role }) => role === "adapter")?.path ?? ""),
    folder,
    steps: last?.step ?? 0,
    trainLoss: last?.trainLoss ?? null,
    validationLoss: history.metrics.findLast(({ validationLoss }) => validationLoss !== null)?.validationLoss ?? null,
    trainTokensPerSecond: last && last.elapsedSeconds > 0 ? tokens / last.elapsedSeconds : null,
    seconds: last?.elapsedSeconds ?? 0,
    scores: score ? exact : null,
  };
  await writeTextAtomic(join(out, "run.json"), `${JSON.stringify({ run, history, result }, null, 1)}\n`);
  const scores = exact
    ? `; exact answers ${formatPercent(exact.before)} before, ${formatPercent(exact.after)} after`
    : "";
  return {
    finished: true,
    result,
    words: `${result.adapter} (checked: largest logit difference ${difference.toExponential(1)})${scores}`,
  };
}
