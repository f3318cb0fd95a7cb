import type { DatasetLibrary } from "@main/datasets/library";
import type { CheckpointShelf } from "@main/jobs/checkpoint-shelf";
import type { Examination } from "@main/jobs/examination";
import type { RunHistories } from "@main/jobs/history";
import type { Plan, Planning } from "@main/jobs/planning";
import type { Proofs } from "@main/jobs/proofs";
import type { NewRun, RunQueue } from "@main/jobs/queue";
import type { Sweeps } from "@main/jobs/sweeps";
import type { ModelLibrary } from "@main/models/library";
import type { HoneContract } from "@shared/ipc/contract";
import type { Handlers } from "@shared/ipc/define";
import type { Goal } from "@shared/models/recipe";
import type { ScoreKind } from "@shared/models/score";

export interface RunServices {
  readonly queue: RunQueue;
  readonly planning: Planning;
  readonly examination: Examination;
  readonly histories: RunHistories;
  readonly models: ModelLibrary;
  readonly datasets: DatasetLibrary;
  readonly shelf: CheckpointShelf;
  readonly proofs: Proofs;
  readonly sweeps: Sweeps;
}

interface Wish extends Plan {
  readonly name?: string | undefined;
  readonly goal: Goal;
  readonly after?: string | undefined;
  readonly scoreBy?: ScoreKind | undefined;
}

export function runHandlers({
  queue,
  planning,
  examination,
  histories,
  models,
  datasets,
  shelf,
  proofs,
  sweeps,
}: RunServices): Handlers<HoneContract>["runs"] {
  const planned = ({ name, modelId, datasetId, goal, recipe, scoreBy }: Wish): NewRun => {
    const dataset = datasets.get(datasetId);
    return {
      name: name ?? `${dataset.name} on ${models.get(modelId).info.name}`,
      modelId,
      datasetId,
      datasetDigest: dataset.digest,
      learnAll: dataset.format === "text",
      goal,
      recipe,
      scoreBy: scoreBy ?? null,
    };
  };
  const start = async (wish: Wish) => {
    await planning.check(wish);
    return queue.add(planned(wish), wish.after);
  };
  return {
    list: () => queue.list(),
    get: ({ id }) => queue.get(id),
    suggest: (wish) => planning.suggest(wish),
    forecast: ({ probe, ...plan }) => planning.forecast(plan, probe),
    start,
    repeat: ({ id, change, name }) => {
      const { modelId, datasetId, goal, recipe, scoreBy, name: oldName } = queue.get(id);
      return start({
        modelId,
        datasetId,
        goal,
        recipe: { ...recipe, ...change },
        name: name ?? oldName,
        scoreBy: scoreBy ?? undefined,
      });
    },
    sweep: ({ grid, ...wish }) => sweeps.start(planned(wish), grid),
    sweeps: () => sweeps.list(),
    cancelSweep: ({ id }) => sweeps.cancel(id),
    move: ({ id, place }) => queue.move(id, place),
    queue: () => queue.state,
    hold: ({ held }) => queue.hold(held),
    pause: ({ id }) => queue.pause(id),
    continue: ({ id, device }) => queue.continue(id, device),
    cancel: ({ id }) => queue.cancel(id),
    remove: ({ id }) => queue.remove(id),
    rename: ({ id, name, note }) => queue.rename(id, name, note),
    checkpoints: ({ id }) => shelf.list(id),
    dropCheckpoints: ({ id }) => shelf.drop(id),
    promote: ({ id, step, name }) => shelf.promote(id, step, name),
    proof: ({ id }) => proofs.of(id),
    prove: ({ id, step }) => proofs.begin(id, step),
    diagnose: ({ id }) => examination.verdicts(id),
    history: ({ id }) => {
      queue.get(id);
      return histories.read(id);
    },
  };
}
