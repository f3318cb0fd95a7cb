import { existsSync, statSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import { BetweenRuns } from "@main/jobs/between-runs";
import { FineTune, type FineTuneEnd, type FineTuneServices } from "@main/jobs/fine-tune";
import type { RunHistories } from "@main/jobs/history";
import { dutyOf } from "@main/jobs/pace";
import { RunReport } from "@main/jobs/report";
import { Room } from "@main/jobs/room";
import type { RunStore, StoredRun } from "@main/jobs/store";
import type { Manners } from "@main/power/manners";
import { newId, now } from "@main/storage/id";
import { type ErrorData, HoneError, toErrorData } from "@shared/errors";
import type { HoneContract } from "@shared/ipc/contract";
import type { Emit } from "@shared/ipc/define";
import { describeHolds } from "@shared/models/queue-words";
import type { Goal, Recipe } from "@shared/models/recipe";
import type { QueueState, RunRecord } from "@shared/models/run";
import type { ScoreKind } from "@shared/models/score";

export interface QueueOptions extends FineTuneServices {
  readonly store: RunStore;
  readonly histories: RunHistories;
  readonly emit: Emit<HoneContract>;
  /** Why training should wait for now. */
  readonly manners: Pick<Manners, "holds" | "waitsForTheHour">;
  /** The machine should stay awake, or need not. */
  readonly onNeed: (awake: boolean) => void;
  /** A run is done or failed, and is not tried again. */
  readonly onEnd: (run: RunRecord) => void;
}

const heldKey = "queue.held";
const closingPatienceMs = 10_000;
/** Codes of an engine that is gone for no reason that lies in the run. */
const lostEngine = new Set(["engine.killed", "engine.crashed", "engine.hung"]);
/** Pause before what could not be stored, on a full disk mostly, is tried again. */
const storeAgainMs = 1000;
/** Times that a run may lose its engine in a row without a new checkpoint. */
const mostLosses = 2;

/** Why the run at work was asked to stop. */
type Intent = "pause" | "cancel" | "close" | "wait";

interface AtWork {
  readonly id: string;
  readonly job: FineTune;
  readonly report: RunReport;
  intent: Intent | undefined;
  /** The checkpoint that it began from: while an engine leaves newer ones, its loss costs little. */
  readonly firstCheckpoint: string;
  /** The run as it is once the work has ended. */
  settled: Promise<void>;
}

export interface NewRun {
  readonly name: string;
  readonly modelId: string;
  readonly datasetId: string;
  readonly datasetDigest: string;
  readonly learnAll: boolean;
  readonly goal: Goal;
  readonly recipe: Recipe;
  readonly scoreBy: ScoreKind | null;
  readonly sweepId?: string;
}

/**
 * Trains one run after the other. The queue lives in the database: whatever ends this process, the next one goes on with it, and
 * a run that fails does not hold up those behind it.
 */
export class RunQueue {
  #atWork: AtWork | undefined;
  readonly #between = new BetweenRuns();
  #closed = false;
  /** How often in a row a run has lost its engine without a new checkpoint. */
  readonly #losses = new Map<string, number>();
  readonly #room: Room;

  constructor(private readonly options: QueueOptions) {
    this.#room = new Room(options.paths.folder, () => {
      options.emit("runs", "queueChanged", this.state);
      this.#pump();
    });
  }

  /** Takes up what the last session left, and begins. */
  open(): void {
    const { store, histories } = this.options;
    for (const run of store.inState("running")) {
      const text = this.#hasCheckpoint(run.id)
        ? "Hone ended while this run was at work. It goes on from its last checkpoint."
        : "Hone ended while this run was at work, before its first checkpoint. It begins again.";
      histories.append(run.id, { metrics: [], samples: [], log: [{ time: now(), level: "warning", text }] });
      store.update(run.id, { state: "queued", position: store.firstPosition() });
    }
    this.#pump();
  }

  list(): RunRecord[] {
    return this.options.store.list().map((run) => this.#toRecord(run));
  }

  get(id: string): RunRecord {
    return this.#toRecord(this.#stored(id));
  }

  get state(): QueueState {
    const disk = this.#room.isScarce ? [{ why: "disk" as const }] : [];
    return {
      held: this.options.settings.recall(heldKey) === "true",
      holds: [...this.options.manners.holds, ...disk],
    };
  }

  /** A held queue begins no run; the one at work goes on. */
  hold(held: boolean): QueueState {
    this.options.settings.remember(heldKey, String(held));
    this.options.emit("runs", "queueChanged", this.state);
    this.#pump();
    return this.state;
  }

  /** The manners have come to another view: the run at work waits, or the queue goes on. */
  async mannersChanged(): Promise<void> {
    this.options.emit("runs", "queueChanged", this.state);
    const atWork = this.#atWork;
    if (this.#mustWait && atWork && atWork.intent === undefined) await this.#stop(atWork.id, "wait");
    this.#pump();
  }

  get #mustWait(): boolean {
    return this.options.manners.holds.length > 0;
  }

  /** The run at work takes up the pace that is set now. */
  paceChanged(): void {
    const duty = dutyOf(this.options.settings.get());
    this.#atWork?.job.pace(duty);
  }

  /** `place` counts the waiting runs from 0. */
  move(id: string, place: number): RunRecord {
    const run = this.#stored(id);
    if (run.state !== "queued") throw wrongState(run, "moved in the queue");
    const { store } = this.options;
    const queued = store.inState("queued");
    const others = queued.filter((other) => other.id !== id);
    const order = [...others.slice(0, place), run, ...others.slice(place)];
    // The same positions dealt out anew: two runs never share one.
    const positions = queued.map(({ position }) => position).sort((left, right) => left - right);
    store.together(() => {
      for (const [index, each] of order.entries()) {
        const position = positions[index] ?? each.position;
        if (position !== each.position) this.#change(each.id, { position });
      }
    });
    return this.get(id);
  }

  /** At the end of the queue, in order. All of them are stored, together with what `more` stores, or none. */
  addAll(plans: readonly NewRun[], more: () => void): void {
    const { store } = this.options;
    const runs: StoredRun[] = [];
    store.together(() => {
      more();
      for (const plan of plans) runs.push(this.#insert(plan));
    });
    for (const run of runs) this.#tell(run);
    this.#pump();
  }

  #insert(plan: NewRun): StoredRun {
    const run: StoredRun = {
      ...plan,
      sweepId: plan.sweepId ?? null,
      device: null,
      id: newId(),
      note: "",
      baseDigest: null,
      state: "queued",
      position: this.options.store.nextPosition(),
      createdAt: now(),
      startedAt: null,
      finishedAt: null,
      progress: null,
      error: null,
      adapterId: null,
      adapterDigest: null,
    };
    this.options.store.insert(run);
    return run;
  }

  /** Behind the run `after`, where that one waits or is at work; else at the end of the queue. */
  add(plan: NewRun, after?: string): RunRecord {
    const before = after === undefined ? undefined : this.#stored(after);
    const { store } = this.options;
    const run = this.#insert(plan);
    this.#tell(run);
    if (before) {
      const waiting = store.inState("queued");
      const index = waiting.findIndex(({ id }) => id === before.id);
      if (index >= 0 || before.state === "running") this.move(run.id, index + 1);
    }
    this.#pump();
    return this.get(run.id);
  }

  async pause(id: string): Promise<RunRecord> {
    const run = this.#stored(id);
    if (run.state === "queued") return this.#change(id, { state: "paused" });
    if (run.state !== "running") throw wrongState(run, "paused");
    await this.#stop(id, "pause");
    return this.get(id);
  }

  /** With a device it goes on there, from then on. */
  continue(id: string, device?: string): RunRecord {
    const run = this.#stored(id);
    if (run.state !== "paused" && run.state !== "failed") throw wrongState(run, "continued");
    if (run.state === "failed" && !this.#hasCheckpoint(id)) {
      this.#log(id, "info", "There is no checkpoint yet; the run begins again.");
    }
    if (device !== undefined && device !== run.device) this.#log(id, "info", `It goes on on the device "${device}".`);
    this.#change(id, {
      state: "queued",
      position: this.options.store.nextPosition(),
      error: null,
      finishedAt: null,
      ...(device === undefined ? {} : { device }),
    });
    this.#pump();
    return this.get(id);
  }

  async cancel(id: string): Promise<RunRecord> {
    const run = this.#stored(id);
    if (run.state === "done" || run.state === "cancelled") throw wrongState(run, "cancelled");
    if (run.state === "running") await this.#stop(id, "cancel");
    else {
      this.#change(id, { state: "cancelled", finishedAt: now() });
      await this.#deleteFiles(id);
    }
    return this.get(id);
  }

  /** Forgets the run and its files. Its adapter stays. */
  async remove(id: string): Promise<void> {
    const run = this.#stored(id);
    if (run.state === "running") throw wrongState(run, "removed");
    this.options.store.remove(id);
    await this.#deleteFiles(id);
    this.options.emit("runs", "removed", { id });
  }

  rename(id: string, name: string, note: string | undefined): RunRecord {
    this.#stored(id);
    return this.#change(id, note === undefined ? { name } : { name, note });
  }

  /** Does `work` while no run is at work, before the next one begins; also while the queue is held. See `BetweenRuns.add`. */
  alone<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const done = this.#between.add(work);
    this.#pump();
    return done;
  }

  /** Stops the run at work at a checkpoint; the next session goes on with it. */
  async close(): Promise<void> {
    this.#closed = true;
    this.options.onNeed(false);
    const ends = [this.#atWork && this.#stop(this.#atWork.id, "close"), this.#between.close()];
    // An engine that hangs is not waited for: the next session finds the run at work and goes on from its checkpoint.
    const patience = setTimeout(closingPatienceMs, undefined, { ref: false });
    await Promise.race([Promise.all(ends), patience]);
  }

  /** Begins what is next, when nothing is at work. */
  #pump(): void {
    if (!this.#closed && !this.#atWork && !this.#between.busy) this.#beginNext();
    this.options.onNeed(this.#needsToBeAwake());
  }

  #beginNext(): void {
    if (this.#between.begin(() => this.#pump())) return;
    if (this.state.held || this.#mustWait || this.#room.isScarce) return;
    const [next] = this.options.store.inState("queued");
    if (next) this.#begin(next);
  }

  #needsToBeAwake(): boolean {
    if (this.#closed) return false;
    if (this.#atWork || this.#between.busy) return true;
    // A machine that falls asleep before its hour would miss it.
    const { manners, store } = this.options;
    return manners.waitsForTheHour && !this.state.held && store.inState("queued").length > 0;
  }

  #begin(next: StoredRun): void {
    const { store, histories, emit } = this.options;
    const running = { state: "running", startedAt: next.startedAt ?? now(), finishedAt: null, error: null } as const;
    let run: StoredRun;
    try {
      run = store.update(next.id, running);
    } catch (error) {
      console.error("A run waits, since its start could not be stored:", toErrorData(error).message);
      setTimeout(storeAgainMs, undefined, { ref: false }).then(() => this.#pump());
      return;
    }
    const changed = (stored: StoredRun) => this.#tell(stored);
    const report = new RunReport(run.id, this.#hasCheckpoint(run.id), { store, histories, emit, changed });
    const job = new FineTune(run, report, this.options);
    const atWork: AtWork = {
      id: run.id,
      job,
      report,
      intent: undefined,
      firstCheckpoint: this.#checkpointMark(run.id),
      settled: Promise.resolve(),
    };
    this.#atWork = atWork;
    this.#tell(run);
    atWork.settled = job
      .work()
      .then((end) => this.#untilStored(report, () => this.#settle(atWork, end)))
      .finally(() => {
        this.#atWork = undefined;
        this.#pump();
      });
    // The next start finds the run and goes on.
    atWork.settled.catch((error: unknown) =>
      console.error("The end of a run could not be stored:", toErrorData(error).message),
    );
  }

  /** Tries until it works: someone makes room sooner or later, and the end of a run must not be forgotten until then. */
  async #untilStored(report: RunReport, settle: () => Promise<void>): Promise<void> {
    for (let complained = false; ; complained = true) {
      try {
        // What the run has told comes first: where that fits, its end will, too.
        report.flush();
        return await settle();
      } catch (error) {
        if (this.#closed) throw error;
        if (!complained) console.error("The end of a run waits to be stored:", toErrorData(error).message);
        await setTimeout(storeAgainMs, undefined, { ref: false });
      }
    }
  }

  async #settle({ id, report, intent, firstCheckpoint }: AtWork, end: FineTuneEnd): Promise<void> {
    if (end.end !== "failed" || !lostEngine.has(end.error.code)) this.#losses.delete(id);
    if (end.end === "finished") this.#room.forget(id);
    if (end.end === "finished") {
      report.flush();
      await this.#deleteWorkFiles(id);
      const changes = { state: "done", adapterId: end.adapterId, adapterDigest: end.digest } as const;
      this.options.onEnd(this.#change(id, { ...changes, finishedAt: now() }));
    } else if (end.end === "failed" && intent === undefined && this.#triesAgain(id, firstCheckpoint, end.error)) {
      report.log("warning", end.error.message);
      report.log("info", this.#hasCheckpoint(id) ? "It goes on from its last checkpoint." : "It begins again.");
      report.flush();
      this.#change(id, { state: "queued", position: this.options.store.firstPosition() });
    } else if (end.end === "failed" && intent === undefined && end.error.code === "disk.full" && this.#room.wait(id)) {
      report.log("warning", `${end.error.message} The run goes on by itself once there is room.`);
      report.flush();
      this.#change(id, { state: "queued", position: this.options.store.firstPosition() });
    } else if (end.end === "failed") {
      this.#room.forget(id);
      if (!end.told) report.log("error", end.error.message);
      if (this.#hasCheckpoint(id)) report.log("info", "The run can continue from its last checkpoint.");
      report.flush();
      this.options.onEnd(this.#change(id, { state: "failed", finishedAt: now(), error: end.error }));
    } else if (intent === "cancel") {
      report.log("info", "Cancelled.");
      report.flush();
      await this.#deleteFiles(id);
      this.#change(id, { state: "cancelled", finishedAt: now() });
    } else if (intent !== "pause") {
      report.log("info", this.#whyStopped(intent));
      report.flush();
      this.#change(id, { state: "queued", position: this.options.store.firstPosition() });
    } else {
      report.log("info", "Paused.");
      report.flush();
      this.#change(id, { state: "paused" });
    }
  }

  #whyStopped(intent: Intent | undefined): string {
    if (intent === "close") return "Hone was closed; the run goes on when it is opened again.";
    if (intent === "wait") return `${describeHolds(this.options.manners.holds)} The run goes on by itself.`;
    return "The engine was ended from outside and kept a checkpoint. The run goes on from there.";
  }

  /** Whether a run that lost its engine is tried again: a death now and then must not cost a night, a sure one is no use. */
  #triesAgain(id: string, firstCheckpoint: string, error: ErrorData): boolean {
    if (!lostEngine.has(error.code)) return false;
    const cameFurther = this.#checkpointMark(id) !== firstCheckpoint;
    const losses = cameFurther ? 1 : (this.#losses.get(id) ?? 0) + 1;
    this.#losses.set(id, losses);
    return losses <= mostLosses;
  }

  async #stop(id: string, intent: Intent): Promise<void> {
    const atWork = this.#atWork;
    if (atWork?.id !== id) return;
    atWork.intent = intent;
    atWork.job.stop(intent === "cancel" ? "discard" : "checkpoint");
    await atWork.settled;
  }

  #stored(id: string): StoredRun {
    const found = this.options.store.get(id);
    if (!found) throw new HoneError("run.unknown", `There is no run with the id "${id}".`, "It may have been removed.");
    return found;
  }

  #change(id: string, changes: Parameters<RunStore["update"]>[1]): RunRecord {
    return this.#tell(this.options.store.update(id, changes));
  }

  #log(id: string, level: "info", text: string): void {
    const log = [{ time: now(), level, text }];
    this.options.histories.append(id, { metrics: [], samples: [], log });
    this.options.emit("runs", "grew", { id, metrics: [], samples: [], log });
  }

  #tell(run: StoredRun): RunRecord {
    const record = this.#toRecord(run);
    this.options.emit("runs", "changed", record);
    return record;
  }

  #toRecord({ baseDigest: _, datasetDigest: __, learnAll: ___, adapterDigest: ____, ...run }: StoredRun): RunRecord {
    const open = run.state === "paused" || run.state === "failed" || run.state === "queued";
    return { ...run, resumable: open && this.#hasCheckpoint(run.id) };
  }

  #hasCheckpoint(id: string): boolean {
    const { checkpoint, previousCheckpoint } = this.options.paths.run(id);
    return existsSync(checkpoint) || existsSync(previousCheckpoint);
  }

  /** Changes with every checkpoint that is written. */
  #checkpointMark(id: string): string {
    const found = statSync(this.options.paths.run(id).checkpoint, { throwIfNoEntry: false });
    return found ? `${found.ino} ${found.mtimeMs}` : "";
  }

  /** What a finished run no longer needs. Its kept checkpoints stay, and the rows from which it can be computed again. */
  async #deleteWorkFiles(id: string): Promise<void> {
    const { checkpoint, previousCheckpoint, keepFolder } = this.options.paths.run(id);
    const kept = await readdir(keepFolder).catch(() => []);
    if (kept.length === 0) return this.#deleteFiles(id);
    for (const path of [checkpoint, previousCheckpoint]) await rm(path, { force: true });
  }

  async #deleteFiles(id: string): Promise<void> {
    await rm(this.options.paths.run(id).folder, { recursive: true, force: true });
  }
}

function wrongState(run: StoredRun, wish: string): HoneError {
  return new HoneError("run.state", `The run "${run.name}" is ${run.state} and cannot be ${wish}.`, "", {
    state: run.state,
  });
}
