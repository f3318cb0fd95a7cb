import { adapterHandlers } from "@main/adapters/handlers";
import { AdapterLibrary } from "@main/adapters/library";
import { Scoring } from "@main/adapters/score";
import { Devices } from "@main/app/devices";
import { appHandlers } from "@main/app/handlers";
import { datasetHandlers } from "@main/datasets/handlers";
import { DatasetLibrary } from "@main/datasets/library";
import { DatasetView } from "@main/datasets/view";
import { EngineHost } from "@main/engine/host";
import type { EngineRole, EngineSpawner } from "@main/engine/spawner";
import { AdapterExport } from "@main/exports/export-adapter";
import { exportHandlers } from "@main/exports/handlers";
import { AdapterMerge } from "@main/exports/merge-adapter";
import { UnfinishedExports } from "@main/exports/unfinished";
import { Aftermath } from "@main/jobs/aftermath";
import { CheckpointShelf } from "@main/jobs/checkpoint-shelf";
import { CheckpointStore } from "@main/jobs/checkpoint-store";
import { Examination } from "@main/jobs/examination";
import { runHandlers } from "@main/jobs/handlers";
import { RunHistories } from "@main/jobs/history";
import { Planning } from "@main/jobs/planning";
import { Proofs } from "@main/jobs/proofs";
import { RunQueue } from "@main/jobs/queue";
import { RunStore } from "@main/jobs/store";
import { SweepStore } from "@main/jobs/sweep-store";
import { Sweeps } from "@main/jobs/sweeps";
import { Wakefulness } from "@main/jobs/wakefulness";
import { modelHandlers } from "@main/models/handlers";
import { ModelLibrary } from "@main/models/library";
import { phoneHandlers } from "@main/phone/handlers";
import type { ShareTimes } from "@main/phone/share";
import { Sharing } from "@main/phone/sharing";
import { playgroundHandlers } from "@main/playground/handlers";
import { Playground } from "@main/playground/playground";
import { Manners, type MannersOptions } from "@main/power/manners";
import { type Starter, seedStarter, starterIn } from "@main/seed";
import { settingsHandlers } from "@main/settings/handlers";
import { SettingsStore } from "@main/settings/settings";
import type { ShellAbilities } from "@main/shell/abilities";
import type { Places } from "@main/shell/places";
import { type DataFolder, openDataFolder } from "@main/storage/data-folder";
import { toErrorData } from "@shared/errors";
import type { HoneContract } from "@shared/ipc/contract";
import type { Emit, Handlers } from "@shared/ipc/define";

export interface ServiceOptions {
  readonly dataFolder: string;
  readonly addonPath: string;
  readonly spawner: EngineSpawner;
  readonly emit: Emit<HoneContract>;
  readonly shell: ShellAbilities;
  readonly places: Pick<Places, "version" | "starter" | "phone">;
  /** Instead of the one in the box; null puts nothing on the shelf. */
  readonly starter?: Starter | null;
  /** For tests of small machines; else what the system says. */
  readonly availableBytes?: () => number;
  /** For tests that cannot wait for a phone as long as a person does. */
  readonly phoneTimes?: Partial<ShareTimes>;
  /** Ended runs are measured and announced by themselves; a command line does what it is asked, and no more. */
  readonly aftermath?: boolean;
  /** Training waits for the battery, the heat and the hour; not for somebody who waits at a terminal. */
  readonly manners?: boolean;
  /** For tests of what happens at certain hours. */
  readonly looks?: Pick<MannersOptions, "now" | "intervalMs">;
}

export interface Services {
  readonly handlers: Handlers<HoneContract>;
  /** Brings the run at work to a checkpoint, ends the engines and gives the data folder free. */
  close(): Promise<void>;
}

/** Everything that Hone does, on its data folder. Throws "app.second-instance" when the folder is in use. */
export async function createServices(options: ServiceOptions): Promise<Services> {
  const folder = await openDataFolder(options.dataFolder);
  try {
    return await wire(options, folder);
  } catch (error) {
    closeFolder(folder);
    throw error;
  }
}

function closeFolder({ database, lock }: DataFolder): void {
  database.close();
  lock.release();
}

async function wire(options: ServiceOptions, folder: DataFolder): Promise<Services> {
  const { emit, shell } = options;
  const { version } = options.places;
  const { paths, database } = folder;
  const starter = options.starter === undefined ? await starterIn(options.places.starter) : options.starter;
  const engine = (role: EngineRole) =>
    new EngineHost({
      role,
      addonPath: options.addonPath,
      spawner: options.spawner,
      onState: (state) => emit("app", "engineChanged", state),
    });
  const training = engine("training");
  const studio = engine("studio");

  const settings = new SettingsStore(database);
  const store = new RunStore(database);
  const histories = new RunHistories(database);
  const models = new ModelLibrary({
    database,
    engine: studio.client,
    onChanged: (id) => emit("models", "changed", { id }),
  });
  const datasets = new DatasetLibrary(database, paths);
  const view = new DatasetView(datasets, models, settings, studio.client);
  const adapters = new AdapterLibrary({
    database,
    paths,
    engine: studio.client,
    models,
    settings,
    histories,
    onChanged: (id) => emit("adapters", "changed", { id }),
  });
  const checkpoints = new CheckpointStore(database);
  const shelf = new CheckpointShelf({
    engine: studio.client,
    runs: store,
    histories,
    checkpoints,
    adapters,
    models,
    settings,
    paths,
    onChanged: (id) => emit("runs", "checkpointsChanged", { id }),
  });
  const manners: Manners = new Manners({
    settings,
    read: shell.readPower,
    onChange: () => void queue.mannersChanged(),
    ...options.looks,
  });
  const wakefulness = new Wakefulness(shell.keepAwake, settings);
  const makeRoom = () =>
    shelf.pruneAll().catch((error: unknown) => console.error("Old checkpoints stay:", toErrorData(error).message));
  const queue: RunQueue = new RunQueue({
    engine: training.client,
    models,
    datasets,
    adapters,
    settings,
    store,
    histories,
    checkpoints,
    shelf,
    paths,
    emit,
    manners,
    onNeed: (awake) => wakefulness.need(awake),
    onEnd: (run) => {
      void makeRoom();
      if (options.aftermath ?? true) void aftermath.of(run);
    },
  });
  const proofs = new Proofs({
    engine: training.client,
    queue,
    runs: store,
    checkpoints,
    shelf,
    models,
    settings,
    paths,
    onChanged: (id) => emit("runs", "proofChanged", { id }),
  });
  const planning = new Planning({
    engine: studio.client,
    models,
    datasets,
    view,
    settings,
    starter,
    ...(options.availableBytes ? { availableBytes: options.availableBytes } : {}),
  });
  const sweeps = new Sweeps({ store: new SweepStore(database), runs: store, histories, queue, planning });
  const examination = new Examination({ queue, histories, datasets, models, view });
  const playground = new Playground({ engine: studio.client, models, adapters, checkpoints: shelf, settings, emit });
  const scoring = new Scoring({
    engine: studio.client,
    adapters,
    models,
    datasets,
    settings,
    onProgress: (id, done, total) => emit("adapters", "scoring", { id, done, total }),
    onScored: (id) => emit("adapters", "changed", { id }),
  });
  const aftermath = new Aftermath({
    queue,
    scoring,
    adapters,
    settings,
    sweeps,
    announce: (ending) => {
      emit("runs", "ended", ending);
      if (settings.get().notify) shell.notify?.(ending.title, ending.text);
    },
  });
  const unfinished = new UnfinishedExports(paths.exporting);
  const exporting = { engine: studio.client, adapters, models, datasets, histories, settings, unfinished, version };
  const exports = new AdapterExport({
    ...exporting,
    onProgress: (progress) => emit("exports", "progress", progress),
  });
  const merges = new AdapterMerge({
    ...exporting,
    onProgress: (progress) => emit("exports", "merging", progress),
  });

  const sharing = new Sharing({
    engine: studio.client,
    adapters,
    models,
    datasets,
    settings,
    playground,
    exports: new AdapterExport({ ...exporting, onProgress: () => undefined }),
    folder: paths.phone,
    pages: options.places.phone,
    ...(options.phoneTimes ? { times: options.phoneTimes } : {}),
    emit,
  });

  await datasets.sweep();
  await unfinished.sweep();
  if (starter) {
    // Without its starter Hone is still of use, and an engine that does not run shows itself in its state.
    await seedStarter(starter, { models, datasets, settings }).catch((error: unknown) =>
      console.error("The starter could not be put on the shelf:", toErrorData(error).message),
    );
  }
  models.resumeDigests();
  if (options.manners ?? true) await manners.open();
  const stopPower = shell.onPower?.(() => {
    if (options.manners ?? true) void manners.look();
  });
  await makeRoom();
  queue.open();

  return {
    handlers: {
      app: appHandlers({ version, dataFolder: paths.folder, shell, training, studio }),
      devices: new Devices(studio, training, emit).handlers,
      models: modelHandlers(models, store),
      datasets: datasetHandlers(datasets, view, store, emit),
      runs: runHandlers({ queue, planning, examination, histories, models, datasets, shelf, proofs, sweeps }),
      adapters: adapterHandlers(adapters, scoring),
      playground: playgroundHandlers(playground),
      exports: exportHandlers(exports, merges),
      phone: phoneHandlers(sharing),
      settings: settingsHandlers(settings, emit, () => {
        queue.paceChanged();
        wakefulness.settingsChanged();
        if (options.manners ?? true) void manners.look();
      }),
    },
    close: async () => {
      stopPower?.();
      manners.close();
      // Whatever the engine is computing for an export ends with the engine.
      const exportsEnd = exports.close();
      await sharing.close();
      await queue.close();
      models.close();
      training.close();
      studio.close();
      await exportsEnd;
      closeFolder(folder);
    },
  };
}
