import { setTimeout } from "node:timers/promises";
import { say } from "../../main/setup/say.mjs";
import { damageCheckpoints, damageJournal, readJournal } from "./damage.mjs";
import { withFullDisk, withoutRoom } from "./disk.mjs";
import { queueUp } from "./plan.mjs";
import { ServedStudio } from "./served-studio.mjs";
import { mostGrown, Usage } from "./usage.mjs";

/** No run takes a tenth of this; a queue in which nothing ends for so long is stuck, and what is left in it is lost. */
const stuckMs = 180_000;
/** A run that the queue has given up may be continued by its owner; one that never ends well is lost. */
const mostContinued = 20;

/** Queues `runs` in a studio on `data` and hurts it until all have ended. `disk` is that of the data folder, or null. */
export async function torture({ data, folder, runs, random, disk }) {
  const bench = new Bench(data, disk, random);
  await bench.begin();
  await queueUp(bench.studio, folder, runs);
  bench.known = readJournal(data);
  const continued = new Map();
  let told = 0;
  let lastDone = 0;
  let lastDoneAt = performance.now();
  for (;;) {
    await setTimeout(300 + 1700 * random());
    bench.usage.sample();
    const all = await bench.studio.call("runs.list");
    const left = all.filter(({ state }) => state === "queued" || state === "running");
    for (const run of all.filter(({ state }) => state === "failed")) {
      const times = (continued.get(run.id) ?? 0) + 1;
      continued.set(run.id, times);
      if (times <= mostContinued) left.push(await bench.studio.call("runs.continue", { id: run.id }));
    }
    if (left.length === 0) break;
    const done = all.length - left.length;
    if (done >= told + 20) {
      told = done;
      say(`${done} of ${runs} runs are done, ${bench.kills} kills, ${JSON.stringify(bench.faults)}`);
    }
    if (done !== lastDone) lastDoneAt = performance.now();
    lastDone = done;
    if (performance.now() - lastDoneAt > stuckMs) {
      say(`stuck: ${JSON.stringify(left.slice(0, 3))}`);
      break;
    }
    await bench.hurt();
  }
  bench.usages.push(bench.usage);
  return {
    studio: bench.studio,
    counts: {
      kills: bench.kills,
      faults: Object.values(bench.faults).reduce((sum, count) => sum + count, 0),
      kindsOfFaults: bench.faults,
      continued: [...continued.values()].reduce((sum, times) => sum + times, 0),
      ...mostGrown(bench.usages),
    },
  };
}

/** The studio at work, through all of its lives, and what was done to it. */
class Bench {
  kills = 0;
  faults = { checkpoints: 0, journals: 0, disksFull: 0 };
  usages = [];
  /** The journal once all runs were in the queue. */
  known = null;

  constructor(data, disk, random) {
    this.data = data;
    this.disk = disk;
    this.random = random;
  }

  async begin() {
    this.studio = await ServedStudio.start(this.data);
    this.usage = new Usage(this.studio);
  }

  /** One blow, or none. */
  async hurt() {
    const choice = this.random();
    if (choice < 0.4) this.killEngine();
    else if (choice < 0.7) await this.#killStudio();
    else if (choice < 0.88) await this.#fillDisk();
  }

  killEngine() {
    const [pid] = [...this.studio.engines()].sort(() => this.random() - 0.5);
    if (pid !== undefined && killed(pid)) this.kills += 1;
  }

  async #killStudio() {
    await this.studio.kill();
    this.kills += 1;
    // The engines notice that they are alone.
    await setTimeout(300);
    if (this.random() < 0.6) this.faults.checkpoints += damageCheckpoints(this.data, this.random);
    if (this.random() < 0.5) this.faults.journals += damageJournal(this.data, this.random, this.known);
    this.usages.push(this.usage);
    await this.begin();
    await setTimeout(300);
  }

  /** In a third of the cases the engine dies, in another third the whole studio, before there is room again. */
  async #fillDisk() {
    const milliseconds = 300 + 1200 * this.random();
    if (!this.disk) {
      const pids = [this.studio.child.pid, ...this.studio.engines()];
      if (await withoutRoom(pids, milliseconds)) this.faults.disksFull += 1;
      return;
    }
    const meanwhile = this.random();
    let died = false;
    const full = await withFullDisk(this.disk, milliseconds, async () => {
      if (meanwhile < 1 / 3) this.killEngine();
      else if (meanwhile < 2 / 3) {
        await this.studio.kill();
        this.kills += 1;
        died = true;
      }
    });
    if (full) this.faults.disksFull += 1;
    if (!died) return;
    await setTimeout(300);
    this.usages.push(this.usage);
    await this.begin();
  }
}

function killed(pid) {
  try {
    process.kill(pid, "SIGKILL");
    return true;
  } catch {
    return false;
  }
}
