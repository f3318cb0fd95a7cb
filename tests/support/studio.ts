import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { nothingTold } from "@main/power/reading";
import { createServices, type ServiceOptions, type Services } from "@main/services";
import type { ShellAbilities } from "@main/shell/abilities";
import { answer } from "@shared/ipc/channel";
import { contract, type HoneContract } from "@shared/ipc/contract";
import type { Client, Emit } from "@shared/ipc/define";
import type { DatasetRecord } from "@shared/models/dataset";
import type { ModelRecord } from "@shared/models/model";
import type { RunRecord } from "@shared/models/run";
import { onTestFinished } from "vitest";
import { type FakeEngine, fakeEngine, tunedAnswer, writeFakeModel } from "./fake-engine";
import { recipeWith } from "./recipe";
import { tempFolder } from "./temp-folder";

interface News {
  readonly path: string;
  readonly payload: unknown;
}

/** Services over a temporary data folder and the fake engine, called through the contract as a window would. */
export interface Studio {
  readonly client: Client<HoneContract>;
  /** One call by its path, with whatever input. */
  call(path: string, input: unknown): Promise<unknown>;
  readonly engine: FakeEngine;
  /** Holds the data folder and whatever a test puts beside it. */
  readonly folder: string;
  /** Everything told so far, oldest first. */
  readonly news: readonly News[];
  close(): Promise<void>;
  /** Closes these services and opens new ones on the same folder. */
  reopen(): Promise<Studio>;
}

const noShell: ShellAbilities = {
  kind: "served",
  pick: async () => ({ supported: false, path: null }),
  reveal: async () => ({ supported: false }),
  keepAwake: () => () => undefined,
  readPower: async () => nothingTold,
};

export async function openStudio(
  options: Partial<ServiceOptions> = {},
  folder?: string,
  engine = fakeEngine(),
): Promise<Studio> {
  const place = folder ?? (await tempFolder());
  const news: News[] = [];
  const emit: Emit<HoneContract> = (group, name, payload) => void news.push({ path: `${group}.${name}`, payload });
  const services = await createServices({
    dataFolder: join(place, "data"),
    addonPath: "fake",
    spawner: engine.spawner,
    emit,
    shell: noShell,
    places: { version: "test", starter: join(place, "no-starter"), phone: join(place, "no-page") },
    starter: null,
    // What is measured by itself comes at a time of its own.
    aftermath: false,
    ...options,
  });
  let open = true;
  const close = async () => {
    if (open) await services.close();
    open = false;
  };
  onTestFinished(close);
  return {
    client: clientOf(services),
    call: (path, input) => answer(contract, services.handlers, path, input),
    engine,
    folder: place,
    news,
    close,
    reopen: async () => {
      await close();
      return openStudio(options, place, engine);
    },
  };
}

/** Calls checked and answered as over a wire; events are read from `news`. */
function clientOf({ handlers }: Services): Client<HoneContract> {
  const group = (name: string) =>
    new Proxy(
      {},
      { get: (_, call: string) => (input: unknown) => answer(contract, handlers, `${name}.${call}`, input) },
    );
  return new Proxy({}, { get: (_, name: string) => group(name) }) as Client<HoneContract>;
}

/** A dataset file of `rows` questions whose answers the tuned fake model knows. */
export function writeQuestions(path: string, rows: number): string {
  const lines = Array.from({ length: rows }, (_, index) => ({
    messages: [
      { role: "user", content: `question number ${index}` },
      { role: "assistant", content: tunedAnswer(`question number ${index}`) },
    ],
  }));
  writeFileSync(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  return path;
}

/** A model and a dataset on the shelf. */
export async function stock(
  { client, folder }: Studio,
  rows = 40,
): Promise<{ model: ModelRecord; dataset: DatasetRecord }> {
  return {
    model: await client.models.add({ path: writeFakeModel(join(folder, "tiny.gguf")) }),
    dataset: await client.datasets.import({ path: writeQuestions(join(folder, "questions.jsonl"), rows) }),
  };
}

export async function startRun(studio: Studio, changes: Parameters<typeof recipeWith>[0] = {}): Promise<RunRecord> {
  const model = (await studio.client.models.list())[0] ?? (await stock(studio)).model;
  const [dataset] = await studio.client.datasets.list();
  if (!dataset) throw new Error("no dataset on the shelf");
  return studio.client.runs.start({
    modelId: model.id,
    datasetId: dataset.id,
    goal: "format",
    recipe: recipeWith(changes),
  });
}

/** The run once it is in one of the states, or further than asked. */
export async function runUntil(studio: Studio, id: string, reached: (run: RunRecord) => boolean): Promise<RunRecord> {
  for (let tries = 0; tries < 1000; tries++) {
    const run = await studio.client.runs.get({ id });
    if (reached(run)) return run;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`the run stays ${JSON.stringify(await studio.client.runs.get({ id }))}`);
}

/** Waits for something that happens in the background. */
export async function eventually<T>(look: () => T | Promise<T>, right: (found: T) => boolean): Promise<T> {
  // Real work on a busy machine takes its time; the test's own limit is the one that counts.
  const deadline = performance.now() + 100_000;
  while (performance.now() < deadline) {
    const found = await look();
    if (right(found)) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`it never became right: ${JSON.stringify(await look())}`);
}
