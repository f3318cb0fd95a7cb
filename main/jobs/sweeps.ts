import type { RunHistories } from "@main/jobs/history";
import type { Planning } from "@main/jobs/planning";
import type { NewRun, RunQueue } from "@main/jobs/queue";
import type { RunStore, StoredRun } from "@main/jobs/store";
import type { StoredSweep, SweepStore } from "@main/jobs/sweep-store";
import { newId, now } from "@main/storage/id";
import { HoneError, toErrorData } from "@shared/errors";
import type { Recipe } from "@shared/models/recipe";
import type { RunEnding } from "@shared/models/run";
import { combinations, type Grid, gridKeys, mostSweepRuns, recipeOf, type SweepRecord } from "@shared/models/sweep";

export interface SweepServices {
  readonly store: SweepStore;
  readonly runs: RunStore;
  readonly histories: RunHistories;
  readonly queue: RunQueue;
  readonly planning: Planning;
}

/** Grids of settings as groups of ordinary runs: each waits, fails, is paused and continued like any other. */
export class Sweeps {
  constructor(private readonly services: SweepServices) {}

  list(): SweepRecord[] {
    const { store, runs } = this.services;
    const all = runs.list();
    return store.list().map((sweep) => this.#toRecord(sweep, all));
  }

  get(id: string): SweepRecord {
    const found = this.list().find((sweep) => sweep.id === id);
    if (found) return found;
    throw new HoneError("sweep.unknown", `There is no sweep with the id "${id}".`, "Its runs may have been removed.");
  }

  /** Queues every combination, or none when one of them must not start. */
  async start(plan: NewRun, grid: Grid): Promise<SweepRecord> {
    const { store, queue, planning } = this.services;
    const changes = combinations(grid);
    if (changes.length < 2) throw tooFew();
    if (changes.length > mostSweepRuns) throw tooMany(changes.length);
    if (plan.recipe.validationShare <= 0) throw noValidation();
    for (const change of changes) {
      const recipe = recipeOf(plan.recipe, change);
      await planning
        .check({ modelId: plan.modelId, datasetId: plan.datasetId, recipe })
        .catch((error: unknown) => Promise.reject(withCombination(error, change)));
    }
    const sweep: StoredSweep = { id: newId(), name: plan.name, grid, createdAt: now() };
    queue.addAll(
      changes.map((change) => ({
        ...plan,
        name: `${plan.name}: ${describeChange(change)}`.slice(0, 200),
        recipe: recipeOf(plan.recipe, change),
        sweepId: sweep.id,
      })),
      () => store.insert(sweep),
    );
    return this.get(sweep.id);
  }

  /** What has not come to an end is cancelled; finished runs and their adapters stay. */
  async cancel(id: string): Promise<SweepRecord> {
    const { runs, queue } = this.services;
    this.get(id);
    const alive = runs.list().filter(({ sweepId, state }) => sweepId === id && isOpen(state));
    // Those that wait go first, lest one begins when the one at work has ended.
    const waitingFirst = [...alive].sort((one, other) => rank(one) - rank(other));
    for (const run of waitingFirst) {
      // It may have come to its end meanwhile.
      if (isOpen(queue.get(run.id).state)) await queue.cancel(run.id);
    }
    return this.get(id);
  }

  /** What is to be told once none of its runs is open any more; null before. */
  endingOf(id: string): RunEnding | null {
    const sweep = this.get(id);
    const runs = this.services.runs.list().filter(({ sweepId }) => sweepId === id);
    if (runs.some(({ state }) => isOpen(state))) return null;
    const winner = runs.find((run) => run.id === sweep.winner);
    const loss = sweep.runs.find((run) => run.id === sweep.winner)?.validationLoss ?? null;
    const title = `The sweep “${sweep.name}” is done`;
    if (!winner || loss === null) return { id: runs[0]?.id ?? id, title, text: "None of its runs came to an adapter." };
    return { id: winner.id, title, text: `The lowest validation loss is ${loss.toFixed(3)}: “${winner.name}”.` };
  }

  #toRecord({ id, name, grid, createdAt }: StoredSweep, all: readonly StoredRun[]): SweepRecord {
    const mine = all
      .filter(({ sweepId }) => sweepId === id)
      .sort((one, other) => placeIn(grid, one) - placeIn(grid, other));
    const runs = mine.map((run) => ({
      id: run.id,
      change: Object.fromEntries(gridKeys.filter((key) => grid[key]).map((key) => [key, run.recipe[key]])),
      validationLoss:
        run.state === "done"
          ? this.services.histories.finalLosses(run.id, run.recipe.patience != null).validation
          : null,
    }));
    let winner: (typeof runs)[number] | null = null;
    for (const run of runs) {
      if (run.validationLoss !== null && run.validationLoss < (winner?.validationLoss ?? Number.POSITIVE_INFINITY))
        winner = run;
    }
    return { id, name, grid, createdAt, runs, winner: winner?.id ?? null };
  }
}

const isOpen = (state: StoredRun["state"]) => state === "queued" || state === "running" || state === "paused";
const rank = ({ state }: StoredRun) => (state === "running" ? 1 : 0);

function placeIn(grid: Grid, { recipe }: StoredRun): number {
  return combinations(grid).findIndex((change) =>
    Object.entries(change).every(([key, value]) => recipe[key as keyof Recipe] === value),
  );
}

/** "learning rate 0.0002, rank 8" */
function describeChange(change: Partial<Recipe>): string {
  const words = (key: string) => key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return Object.entries(change)
    .map(([key, value]) => `${words(key)} ${String(value)}`)
    .join(", ");
}

function withCombination(error: unknown, change: Partial<Recipe>): HoneError {
  const { code, message, hint, details } = toErrorData(error);
  return new HoneError(code, `With ${describeChange(change)}: ${message}`, hint, details, error);
}

function tooFew(): HoneError {
  return new HoneError(
    "sweep.too-few",
    "A sweep needs at least two combinations of settings.",
    "Give one setting more than one value, or start a single run.",
  );
}

function tooMany(found: number): HoneError {
  return new HoneError(
    "sweep.too-many",
    `These values make ${found} runs; a sweep has at most ${mostSweepRuns}.`,
    "Try fewer values, or the settings one after the other.",
    { found, limit: mostSweepRuns },
  );
}

function noValidation(): HoneError {
  return new HoneError(
    "sweep.no-validation",
    "Without validation rows no run of a sweep can be told from another.",
    "Set the validation share above 0.",
  );
}
