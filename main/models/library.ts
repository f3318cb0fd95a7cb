import { stat } from "node:fs/promises";
import { basename, resolve } from "node:path";
import type { EngineClient } from "@main/engine/client";
import { chosenActivation } from "@main/models/model-ref";
import { ModelStore, type StoredModel } from "@main/models/store";
import type { Database } from "@main/storage/database";
import { withFileErrors } from "@main/storage/file-error";
import { isFile, sha256OfFile } from "@main/storage/files";
import { newId, now } from "@main/storage/id";
import { HoneError } from "@shared/errors";
import { type ChoosableActivation, hasActivationChoice, type ModelInfo, type ModelRecord } from "@shared/models/model";

export interface ModelLibraryOptions {
  readonly database: Database;
  readonly engine: EngineClient;
  readonly onChanged: (id: string) => void;
}

/** The models on the shelf: paths of files that stay where they are and are never written or deleted. */
export class ModelLibrary {
  readonly #store: ModelStore;
  readonly #digests = new Map<string, Promise<string>>();
  readonly #closing = new AbortController();
  #lastDigest: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: ModelLibraryOptions) {
    this.#store = new ModelStore(options.database);
  }

  async list(): Promise<ModelRecord[]> {
    return Promise.all(this.#store.list().map(toRecord));
  }

  find(id: string): StoredModel | undefined {
    return this.#store.get(id);
  }

  /** Throws "model.unknown". */
  get(id: string): StoredModel {
    const found = this.#store.get(id);
    if (!found)
      throw new HoneError(
        "model.unknown",
        `There is no model with the id "${id}".`,
        "It may have been removed; choose another one.",
      );
    return found;
  }

  /** As `get`, and the file is there. Throws "model.missing". */
  async present(id: string): Promise<StoredModel> {
    const model = this.get(id);
    if (await isFile(model.info.path)) return model;
    throw new HoneError(
      "model.missing",
      `The file of the model "${model.info.name}" is no longer at "${model.info.path}".`,
      "Put it back, or add the model again from its new place.",
      { path: model.info.path },
    );
  }

  /** A file that is already on the shelf is read again and keeps its place. */
  async add(path: string, origin: ModelRecord["origin"] = "file"): Promise<ModelRecord> {
    const full = resolve(path);
    const modifiedMs = await modifiedAt(full);
    const known = this.#store.atPath(full);
    const info = await this.#inspect(full, known);
    const id = known?.id ?? newId();
    if (!known) this.#store.insert({ id, info, digest: null, origin, addedAt: now(), modifiedMs });
    else if (known.modifiedMs !== modifiedMs || known.info.fileBytes !== info.fileBytes)
      this.#store.refresh(id, info, modifiedMs);
    this.options.onChanged(id);
    this.#digestSoon(id);
    return toRecord(this.get(id));
  }

  /**
   * Puts the starter model on the shelf, or corrects its path when the app was moved. Others that `add` it keep what they have.
   */
  async seed(path: string): Promise<void> {
    const full = resolve(path);
    const old = this.#store.list().find((model) => model.origin === "starter" && model.info.path !== full);
    if (
      old &&
      !(await isFile(old.info.path)) &&
      basename(old.info.path) === basename(full) &&
      !this.#store.atPath(full)
    ) {
      const info = await this.#inspect(full, old);
      this.#store.refresh(old.id, info, await modifiedAt(full));
      this.#digestSoon(old.id);
    } else await this.add(full, "starter");
  }

  remove(id: string): void {
    const { info } = this.get(id);
    this.#store.remove(id);
    this.#digests.delete(id);
    this.options.engine.engine.closeModel({ path: info.path }).catch(() => undefined);
    this.options.onChanged(id);
  }

  /** Throws "model.activation" for a model that leaves no choice. */
  async chooseActivation(id: string, activation: ChoosableActivation | null): Promise<ModelRecord> {
    const { info } = await this.present(id);
    if (!hasActivationChoice(info.architecture)) {
      throw new HoneError(
        "model.activation",
        `The activation of "${info.name}" is settled by its architecture, ${info.architecture}.`,
        "Only models of the BitNet kind exist with either.",
      );
    }
    this.#store.setInfo(id, await this.#inspect(info.path, null, activation ?? undefined));
    this.options.onChanged(id);
    return toRecord(this.get(id));
  }

  /** What the file holds, read with the activation that the person chose for it earlier. */
  async #inspect(
    path: string,
    earlier: Pick<StoredModel, "info"> | null | undefined,
    activation = earlier ? chosenActivation(earlier.info) : undefined,
  ): Promise<ModelInfo> {
    const info = await this.options.engine.engine.inspect({ path, ...(activation ? { activation } : {}) });
    return { ...info, path };
  }

  /** The digest of the file as it is now; waits for it, and takes it again when the file has changed since. */
  async digest(id: string): Promise<string> {
    const model = await this.present(id);
    const modifiedMs = await modifiedAt(model.info.path);
    if (modifiedMs !== model.modifiedMs) {
      const info = await this.#inspect(model.info.path, model);
      this.#digests.delete(id);
      this.#store.refresh(id, info, modifiedMs);
    } else if (model.digest !== null) return model.digest;
    return this.#digestSoon(id);
  }

  /** Goes on with digests that an earlier session did not finish. */
  resumeDigests(): void {
    for (const model of this.#store.list()) if (model.digest === null) this.#digestSoon(model.id);
  }

  close(): void {
    this.#closing.abort();
  }

  /** One file at a time, so that adding ten models does not make the disk seek. */
  #digestSoon(id: string): Promise<string> {
    const model = this.get(id);
    if (model.digest !== null) return Promise.resolve(model.digest);
    const running = this.#digests.get(id);
    if (running) return running;
    const taken = this.#lastDigest.then(async () => {
      const digest = await sha256OfFile(model.info.path, this.#closing.signal);
      if (!this.#closing.signal.aborted && this.#store.get(id)) {
        this.#store.setDigest(id, digest);
        this.options.onChanged(id);
      }
      return digest;
    });
    this.#digests.set(id, taken);
    // The next file is read whatever became of this one; who needs the digest meets the error when asking.
    this.#lastDigest = taken.catch(() => undefined).finally(() => this.#digests.delete(id));
    return taken;
  }
}

async function toRecord({ modifiedMs: _, ...model }: StoredModel): Promise<ModelRecord> {
  return { ...model, missing: !(await isFile(model.info.path)) };
}

async function modifiedAt(path: string): Promise<number> {
  return withFileErrors("read", path, async () => {
    const found = await stat(path);
    if (found.isDirectory())
      throw new HoneError("file.kind", `"${path}" is a folder.`, "Choose the GGUF file inside.", { path });
    return found.mtimeMs;
  });
}
