import { join } from "node:path";

/** Where everything lies in the data folder. Ids come from the database, never from outside. */
export interface DataPaths {
  readonly folder: string;
  readonly database: string;
  readonly lock: string;
  readonly datasets: string;
  readonly runs: string;
  readonly adapters: string;
  /** Notes of exports that are being written elsewhere. */
  readonly exporting: string;
  /** Files made for phones; nothing in it outlives the sheet it was made for. */
  readonly phone: string;
  dataset(id: string): { readonly folder: string; readonly conversations: string; readonly test: string };
  run(id: string): {
    readonly folder: string;
    readonly train: string;
    readonly validation: string;
    readonly checkpoint: string;
    /** The one before it, which the engine keeps in case the newest is damaged. */
    readonly previousCheckpoint: string;
    /** Checkpoints to go back to, by step, and the adapters taken out of them. */
    readonly keepFolder: string;
    kept(step: number): string;
    keptAdapter(step: number): string;
    /** Where the run is computed again to see whether it comes to the same. */
    readonly proof: string;
  };
  adapter(id: string): string;
}

export function dataPaths(folder: string): DataPaths {
  return {
    folder,
    database: join(folder, "hone.db"),
    lock: join(folder, "hone.lock"),
    datasets: join(folder, "datasets"),
    runs: join(folder, "runs"),
    adapters: join(folder, "adapters"),
    exporting: join(folder, "exporting"),
    phone: join(folder, "phone"),
    dataset: (id) => {
      const own = join(folder, "datasets", id);
      return { folder: own, conversations: join(own, "conversations.jsonl"), test: join(own, "test.jsonl") };
    },
    run: (id) => {
      const own = join(folder, "runs", id);
      const checkpoint = join(own, "checkpoint.gguf");
      return {
        folder: own,
        train: join(own, "train.jsonl"),
        validation: join(own, "validation.jsonl"),
        checkpoint,
        previousCheckpoint: `${checkpoint}.previous`,
        keepFolder: join(own, "kept"),
        kept: (step) => join(own, "kept", `${step}.gguf`),
        keptAdapter: (step) => join(own, "kept", `${step}.adapter.gguf`),
        proof: join(own, "proof"),
      };
    },
    adapter: (id) => join(folder, "adapters", `${id}.gguf`),
  };
}
