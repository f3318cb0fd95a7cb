import { lstat, mkdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { AdapterLibrary } from "@main/adapters/library";
import type { StoredAdapter } from "@main/adapters/store";
import type { DatasetLibrary } from "@main/datasets/library";
import type { EngineClient } from "@main/engine/client";
import { writeArchive } from "@main/exports/archive";
import { ExportContents, settle } from "@main/exports/contents";
import { type FilledExport, fillExport } from "@main/exports/fill";
import { planExport } from "@main/exports/plan";
import { embeddingOf, mergedTypeOf } from "@main/exports/profiles";
import { ExportMeter } from "@main/exports/progress";
import { slugOf } from "@main/exports/slug";
import type { UnfinishedExports } from "@main/exports/unfinished";
import type { RunHistories } from "@main/jobs/history";
import type { ModelLibrary } from "@main/models/library";
import { modelRef } from "@main/models/model-ref";
import type { SettingsStore } from "@main/settings/settings";
import { withFileErrors } from "@main/storage/file-error";
import { syncFolder, temporaryName } from "@main/storage/files";
import { HoneError } from "@shared/errors";
import type { ExportPlan, ExportProgress, ExportRequest, ExportResult, ExportWish } from "@shared/models/export";
import type { ModelInfo } from "@shared/models/model";

export interface ExportOptions {
  readonly engine: EngineClient;
  readonly adapters: AdapterLibrary;
  readonly models: ModelLibrary;
  readonly datasets: DatasetLibrary;
  readonly histories: RunHistories;
  readonly settings: SettingsStore;
  readonly unfinished: UnfinishedExports;
  /** Of Hone, for the manifest. */
  readonly version: string;
  readonly onProgress: (progress: ExportProgress) => void;
}

/** What an export starts from. */
export interface ExportSource {
  readonly adapter: StoredAdapter;
  readonly info: ModelInfo;
  readonly baseDigest: string;
}

export interface ExportCall {
  /** Ends the export; nothing of it is left. */
  readonly signal?: AbortSignal;
  /** Beside the news that go to the window. */
  readonly onProgress?: (progress: ExportProgress) => void;
}

/**
 * Takes adapters out of Hone: as they are, with their base, or merged into it. An export appears under its name, in a folder of its
 * own, when everything in it is written, compared and sealed; until then, and after any failure or crash, there is nothing.
 *
 *     const plan = await exports.plan({ adapterId, profile: "android" });   // what it would weigh, and what stands against it
 *     const { path, bundle } = await exports.export({ adapterId, profile: "android", folder }, { signal });
 *     const file = bundle.files.find(({ role }) => role === "merged");      // the one file for a phone: join(path, file.path)
 */
export class AdapterExport {
  readonly #running = new Map<string, { readonly control: AbortController; readonly work: Promise<unknown> }>();

  constructor(private readonly options: ExportOptions) {}

  async plan(wish: ExportWish, place: { folder: string; zip: boolean } | null = null): Promise<ExportPlan> {
    return this.#plan(wish, await this.#source(wish.adapterId), place);
  }

  /** Throws "export.busy" while the same adapter is being exported, "export.GATE" when a gate blocks, "export.cancelled". */
  async export(request: ExportRequest, { signal, onProgress }: ExportCall = {}): Promise<ExportResult> {
    const { adapterId } = request;
    if (this.#running.has(adapterId))
      throw new HoneError("export.busy", "This adapter is being exported already.", "Wait for it, or cancel it.");
    const control = new AbortController();
    const all = signal ? AbortSignal.any([signal, control.signal]) : control.signal;
    const meter = new ExportMeter(adapterId, (progress) => {
      this.options.onProgress(progress);
      onProgress?.(progress);
    });
    const work = this.#export(request, meter, all);
    this.#running.set(adapterId, { control, work });
    try {
      return await work;
    } catch (error) {
      if (!all.aborted) throw error;
      throw new HoneError("export.cancelled", "The export was cancelled; nothing of it is left.");
    } finally {
      this.#running.delete(adapterId);
    }
  }

  cancel(adapterId: string): void {
    this.#running.get(adapterId)?.control.abort();
  }

  /** Ends every export; resolves when nothing is written any more. */
  async close(): Promise<void> {
    const running = [...this.#running.values()];
    for (const { control } of running) control.abort();
    await Promise.allSettled(running.map(({ work }) => work));
  }

  async #export(request: ExportRequest, meter: ExportMeter, signal: AbortSignal): Promise<ExportResult> {
    meter.enter("checking");
    const parent = resolve(request.folder);
    await checkParent(parent);
    const source = await this.#source(request.adapterId);
    const zip = request.zip === true;
    const plan = await this.#plan(request, source, { folder: parent, zip });
    refuseBlocked(plan);
    // Inside of an archive the folder has this name, however many there are beside it.
    const root = `${slugOf(source.adapter.name)}-hone`;
    const name = await freeName(parent, root, zip ? ".zip" : "");
    const temporary = temporaryName(join(parent, name));
    return this.options.unfinished.during(temporary, async () => {
      await withFileErrors("make a folder in", parent, () => mkdir(temporary));
      const contents = new ExportContents(temporary, signal, (bytes) => meter.add(bytes));
      const filled = await fillExport({ ...this.options, ...source, request, plan, contents, meter, signal });
      const path = zip
        ? await this.#asArchive(filled, contents, root, join(parent, `${name}.zip`), signal)
        : join(parent, name);
      signal.throwIfAborted();
      if (!zip) await settle(temporary, path);
      await syncFolder(parent);
      return { path, bundle: filled.bundle, gates: filled.gates };
    });
  }

  async #asArchive(
    { paths }: FilledExport,
    { folder }: ExportContents,
    root: string,
    target: string,
    signal: AbortSignal,
  ): Promise<string> {
    const temporary = temporaryName(target);
    await this.options.unfinished.during(temporary, async () => {
      await writeArchive(temporary, folder, root, paths, signal);
      signal.throwIfAborted();
      await settle(temporary, target);
    });
    return target;
  }

  async #source(adapterId: string): Promise<ExportSource> {
    const { adapters, models } = this.options;
    const adapter = await adapters.present(adapterId);
    if (adapter.modelId === null)
      throw new HoneError(
        "adapter.base",
        `The base of "${adapter.name}" is not known.`,
        "Import the adapter again for its model.",
      );
    const baseDigest = await models.digest(adapter.modelId);
    const { info } = await models.present(adapter.modelId);
    return { adapter, info, baseDigest };
  }

  async #plan(
    wish: ExportWish,
    { adapter, info, baseDigest }: ExportSource,
    place: { folder: string; zip: boolean } | null,
  ): Promise<ExportPlan> {
    const { engine, settings } = this.options;
    const type = mergedTypeOf(wish, info);
    const [forecast] = type
      ? await engine.merge.plan({
          model: modelRef(info, settings.get()),
          adapters: [{ path: adapter.path, strength: 1 }],
          types: [type],
          embedding: embeddingOf(wish.profile),
        })
      : [];
    return planExport({ wish, adapter, info, baseDigest, mergedBytes: forecast?.fileBytes ?? null, place });
  }
}

function refuseBlocked({ gates }: ExportPlan): void {
  const blocked = gates.find(({ state }) => state === "block");
  if (!blocked) return;
  const code = { base: "adapter.base", disk: "disk.full" }[blocked.id as string] ?? `export.${blocked.id}`;
  throw new HoneError(code, blocked.text, blocked.hint, { gate: blocked.id, passable: blocked.passable });
}

async function checkParent(parent: string): Promise<void> {
  const found = await withFileErrors("open the folder", parent, () => stat(parent));
  if (!found.isDirectory())
    throw new HoneError("file.kind", `"${parent}" is not a folder.`, "Choose a folder.", { path: parent });
}

/** `name`, or the first of `name-2`, `name-3` … that is not taken with that ending. An export never replaces anything. */
async function freeName(parent: string, name: string, ending: string): Promise<string> {
  for (let count = 1; ; count++) {
    const candidate = count === 1 ? name : `${name}-${count}`;
    const taken = await lstat(join(parent, `${candidate}${ending}`)).then(
      () => true,
      () => false,
    );
    if (!taken) return candidate;
  }
}
