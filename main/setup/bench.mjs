import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { installDependencies } from "./dependencies.mjs";
import { buildBench } from "./engine.mjs";
import { preparePeers } from "./peers/peers.mjs";
import { places, root } from "./places.mjs";
import { runCommand } from "./run-command.mjs";
import { fail, SetupError, say, step } from "./say.mjs";
import { fingerprint, isCurrent, markCurrent } from "./stamp.mjs";

// npm run bench [-- --only MODEL:WORK:CTX] [--threads N] [--runs N] [--json FILE] [--peers]
//
// Any part of --only may be left out: `--only bitnet-0.7b`, `--only ::512`, `--only :train`. Models outside of the usual
// ones run when they are named in full. HONE_ISA forces an instruction set, as everywhere. With --peers other engines do the
// same work on the same files, one run of each in turn; one that is not there is told in one line.

const usualModels = ["bitnet-0.7b", "qwen3-0.6b-q8_0", "qwen3-0.6b-q4_0"];
const works = [
  { work: "load", contexts: [0] },
  { work: "train", contexts: [128, 512], onRequest: [2048] },
  { work: "prompt", contexts: [512] },
  { work: "decode", contexts: [128] },
];
const tokenizer = { model: "starter", type: "BPE", work: "tokenize", ctx: 0 };

const { values: flags } = parseArgs({
  options: {
    only: { type: "string", default: "" },
    threads: { type: "string", default: String(availableParallelism()) },
    runs: { type: "string", default: "3" },
    json: { type: "string" },
    peers: { type: "boolean", default: false },
  },
});

async function bench() {
  const threads = wholeNumber("threads");
  const runs = wholeNumber("runs");
  await installDependencies();
  await buildBench();
  const shapes = new Map((await ask("models")).map(JSON.parse).map((shape) => [shape.name, shape]));
  const jobs = chooseJobs([...shapes.values()]);
  const ceilings = await askOne("ceilings", { threads });
  say(
    `\n${ceilings.isa}, ${threads} threads; this machine reaches ${billions(ceilings.floatOps)} GFLOP/s in float32, ` +
      `${billions(ceilings.byteOps)} GOP/s in int8, and reads ${billions(ceilings.readBytes)} GB/s\n`,
  );

  const peers = flags.peers ? await preparePeers(say) : [];
  const results = [];
  const peerResults = [];
  say(line("model", "type", "work", "ctx", "tokens/s", "of ceiling", "peak MiB"));
  for (const job of jobs) {
    const { ours, others } = await compare(job, { threads, runs, ceilings, peers, shape: shapes.get(job.model) });
    results.push(ours);
    const share = ours.ceilingShare === null ? "" : `${(100 * ours.ceilingShare).toFixed(0)} %`;
    const text = ours.megabytesPerSecond ? `${ours.megabytesPerSecond.toFixed(1)} MB/s` : share;
    say(line(job.model, job.type, job.work, job.ctx || "", speedText(ours), text, ours.peakRssMiB.toFixed(0)));
    for (const { peer, problem, ...found } of others) {
      const name = `  ${peer}`;
      say(problem ? `${name}: ${problem}` : line(name, "", "", "", speedText(found), "", found.peakRssMiB.toFixed(0)));
      if (!problem) peerResults.push({ peer, ...found });
    }
  }
  if (flags.json) {
    const content = { ceilings, results: results.map(written), peers: peerResults.map(written) };
    writeFileSync(flags.json, `${JSON.stringify(content, null, 2)}\n`);
  }
}

const speedText = ({ work, tokensPerSecond }) =>
  work === "load" ? `${(1000 / tokensPerSecond).toFixed(0)} ms` : tokensPerSecond.toFixed(1);

function wholeNumber(name) {
  const value = Number(flags[name]);
  if (Number.isInteger(value) && value > 0 && value < 1000) return value;
  throw new SetupError(`--${name} is "${flags[name]}"`, "give a whole number above 0");
}

/** Every model with every work, or what `--only` leaves of them. */
function chooseJobs(models) {
  const [model = "", work = "", ctx = ""] = flags.only.split(":");
  const jobs = models
    .filter(({ name }) => (model ? name === model : usualModels.includes(name)))
    .flatMap(({ name, type }) =>
      works.flatMap(({ work, contexts, onRequest = [] }) =>
        (ctx ? [...contexts, ...onRequest] : contexts).map((ctx) => ({ model: name, type, work, ctx })),
      ),
    )
    .concat(!model || model === tokenizer.model ? [tokenizer] : [])
    .filter((job) => (!work || job.work === work) && (!ctx || job.ctx === Number(ctx)));
  if (jobs.length > 0) return jobs;
  const names = [...models.map(({ name }) => name), tokenizer.model].join(", ");
  throw new SetupError(
    `nothing is called ${flags.only}`,
    `models: ${names}; works: load, train, prompt, decode, tokenize`,
  );
}

/** One job in our engine and in the peers that know such work, in turn when there are any. */
async function compare(job, { threads, runs, ceilings, peers, shape }) {
  const rivals = job.work === "tokenize" ? [] : peers.filter(({ works }) => works.includes(job.work));
  if (rivals.length === 0)
    return { ours: summary(job, threads, [await measure(job, { threads, runs, ceilings })]), others: [] };
  const request = {
    ...{ file: await modelFile(job.model), work: job.work, ctx: job.ctx, threads, runs: 1 },
    ...{ vocabulary: shape.vocabulary, shape, scratch: places.benchModels },
  };
  const ours = [];
  const theirs = rivals.map(() => []);
  for (let round = 0; round < runs; ++round) {
    ours.push(await measure(job, { threads, runs: 1, ceilings }));
    for (const [i, { ask }] of rivals.entries()) {
      if (!theirs[i].some(({ problem }) => problem)) theirs[i].push(await ask(request));
    }
  }
  const others = rivals.map(({ name }, i) => {
    const problem = theirs[i].find((found) => found.problem)?.problem;
    return problem ? { peer: name, problem } : { peer: name, ...summary(job, threads, theirs[i]) };
  });
  return { ours: summary(job, threads, ours), others };
}

/** What one program found in one or more goes. */
function summary(job, threads, goes) {
  const all = goes.flatMap(({ runs }) => runs);
  const tokensPerSecond = median(all);
  const { isa, ceiling, forecastMiB, megabytesPerSecond } = goes[0];
  return {
    ...job,
    threads: job.work === "tokenize" ? 1 : threads,
    ...(isa ? { isa } : {}),
    tokensPerSecond,
    peakRssMiB: Math.max(...goes.map(({ peakRssMiB }) => peakRssMiB)),
    ...(forecastMiB > 0 ? { forecastMiB } : {}),
    ...(megabytesPerSecond > 0 ? { megabytesPerSecond } : {}),
    ...(isa ? { ceilingShare: ceiling > 0 ? tokensPerSecond / ceiling : null } : {}),
    runs: all,
  };
}

async function measure(job, { threads, runs, ceilings }) {
  return job.work === "tokenize"
    ? await askOne("tokenize", {
        file: path.join(root, "main/starter/model.gguf"),
        text: path.join(root, "main/starter/train.jsonl"),
        runs,
      })
    : await askOne(job.work, {
        model: job.model,
        file: await modelFile(job.model),
        ctx: job.ctx,
        threads,
        runs,
        "float-ops": ceilings.floatOps,
        "byte-ops": ceilings.byteOps,
        "read-bytes": ceilings.readBytes,
      });
}

/** A result for the file: loading has a time and no tokens. */
function written(result) {
  if (result.work !== "load") return result;
  return {
    ...result,
    tokensPerSecond: null,
    seconds: 1 / result.tokensPerSecond,
    runs: result.runs.map((rate) => 1 / rate),
  };
}

/** Random weights are written once and kept under out/bench, until they would be written differently. */
async function modelFile(model) {
  const file = path.join(places.benchModels, `${model}.gguf`);
  const print = fingerprint(["native/tools/bench/shapes.cpp"], model);
  if (isCurrent(`bench-${model}`, print, [file])) return file;
  mkdirSync(places.benchModels, { recursive: true });
  await step(`random weights for ${model}`, () => ask("write", { model, file }));
  markCurrent(`bench-${model}`, print);
  return file;
}

/** The lines that the measuring program prints. */
async function ask(what, options = {}) {
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const { code, tail } = await runCommand(places.nativeBench, [what, ...args]);
  if (code !== 0)
    throw new SetupError(`the bench broke off in ${what} (${code ?? "killed by a signal"}):\n${tail.trim()}`);
  return tail.split("\n").filter(Boolean);
}

const askOne = async (what, options) => JSON.parse((await ask(what, options))[0]);

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

const billions = (value) => (value / 1e9).toFixed(1);

function line(model, type, ...rest) {
  const [work, ctx, ...numbers] = rest.map(String);
  return `${model.padEnd(18)}${type.padEnd(8)}${work.padEnd(10)}${ctx.padStart(5)}${numbers.map((n) => n.padStart(12)).join("")}`;
}

bench().catch(fail);
