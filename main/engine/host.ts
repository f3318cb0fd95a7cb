import { type EngineClient, lastingClient } from "@main/engine/client";
import { exitReason } from "@main/engine/exit-reason";
import { startHeartbeat } from "@main/engine/heartbeat";
import { memoryKills } from "@main/engine/memory-kills";
import { OpenWork } from "@main/engine/open-work";
import type { EngineExit, EngineProcess, EngineRole, EngineSpawner } from "@main/engine/spawner";
import { type EngineContract, engineContract } from "@shared/engine/protocol";
import { HoneError, toErrorData } from "@shared/errors";
import { connect, type Port } from "@shared/ipc/channel";
import type { EngineState } from "@shared/ipc/contract";
import type { Client } from "@shared/ipc/define";
import type { Message } from "@shared/ipc/envelope";

export interface EngineHostOptions {
  readonly role: EngineRole;
  readonly addonPath: string;
  readonly spawner: EngineSpawner;
  readonly onState?: (state: EngineState) => void;
  readonly timing?: Partial<HostTiming>;
}

export interface HostTiming {
  readonly pingIntervalMs: number;
  /** Missed pings before a process counts as hung. */
  readonly pingPatience: number;
  /** From spawn to the first answer. */
  readonly startMs: number;
  readonly firstBackOffMs: number;
  readonly longestBackOffMs: number;
  /** A process that lived so long starts the back-off anew. */
  readonly healthyMs: number;
  /** Deaths in a row, none of them healthy, after which the host waits for the next call before it tries again. */
  readonly patience: number;
}

const usualTiming: HostTiming = {
  pingIntervalMs: 5_000,
  pingPatience: 6,
  startMs: 30_000,
  firstBackOffMs: 200,
  longestBackOffMs: 10_000,
  healthyMs: 60_000,
  patience: 5,
};

/** One life of the engine process. */
interface Life {
  readonly process: EngineProcess;
  readonly connection: Client<EngineContract> & { readonly close: (why?: HoneError) => void };
  readonly bornAt: number;
  readonly memoryKillsAtBirth: number;
  stopHeartbeat: () => void;
  hung: boolean;
}

/**
 * Supervises one engine process. The process may crash, run out of memory, be killed or hang: open calls then reject with the
 * reason, work in progress ends with it ("train.ended", "chat.end"), and a new process is started after a pause that grows.
 * `client` stays the same over all of that; its calls wait while a process is starting.
 */
export class EngineHost {
  readonly client: EngineClient;
  readonly #tell: (path: string, payload: unknown) => void;
  readonly #options: EngineHostOptions;
  readonly #timing: HostTiming;
  readonly #work = new OpenWork();
  #life: Promise<Life> | undefined;
  #current: Life | undefined;
  #state: EngineState;
  #openCalls = 0;
  #deathsInARow = 0;
  #closed = false;
  #restart: NodeJS.Timeout | undefined;

  constructor(options: EngineHostOptions) {
    this.#options = options;
    this.#timing = { ...usualTiming, ...options.timing };
    this.#state = { role: options.role, state: "stopped", lastError: null };
    const { client, tell } = lastingClient((path, input) => this.#call(path, input));
    this.client = client;
    this.#tell = tell;
  }

  get state(): EngineState {
    return this.#state;
  }

  /** The process that runs now, for those who must watch or end it. */
  get pid(): number | undefined {
    return this.#current?.process.pid;
  }

  /** Starts the process before the first call asks for it. */
  start(): void {
    this.#alive().catch(() => undefined);
  }

  /** Ends the process for good. Open calls reject with "engine.closed". */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#restart);
    const life = this.#current;
    if (life) {
      life.stopHeartbeat();
      life.connection.close(new HoneError("engine.closed", "The engine was closed."));
      life.process.kill();
    }
    this.#current = undefined;
    this.#change("stopped");
  }

  async #call(path: string, input: unknown): Promise<unknown> {
    const { connection } = await this.#alive();
    this.#work.begin(path, input);
    this.#openCalls += 1;
    this.#changeReady();
    try {
      return await callAt(connection, path, input);
    } catch (error) {
      this.#work.refuse(path, input);
      throw error;
    } finally {
      this.#openCalls -= 1;
      this.#changeReady();
    }
  }

  #alive(): Promise<Life> {
    if (this.#closed) return Promise.reject(new HoneError("engine.closed", "The engine was closed."));
    if (!this.#life) {
      clearTimeout(this.#restart);
      this.#life = this.#bear();
    }
    return this.#life;
  }

  async #bear(): Promise<Life> {
    this.#change(this.#state.lastError ? "restarting" : "starting");
    const child = this.#options.spawner({ role: this.#options.role, addonPath: this.#options.addonPath });
    const life: Life = {
      process: child,
      connection: connect(engineContract, portOf(child)),
      bornAt: Date.now(),
      memoryKillsAtBirth: memoryKills(),
      stopHeartbeat: () => undefined,
      hung: false,
    };
    this.#current = life;
    child.onExit((exit) => this.#died(life, exit));
    this.#forwardNews(life);
    const slow = setTimeout(() => this.#hung(life), this.#timing.startMs);
    try {
      await life.connection.engine.ping();
    } finally {
      clearTimeout(slow);
    }
    life.stopHeartbeat = startHeartbeat(
      () => life.connection.engine.ping(),
      () => this.#hung(life),
      { intervalMs: this.#timing.pingIntervalMs, patience: this.#timing.pingPatience },
    );
    this.#changeReady(true);
    return life;
  }

  #forwardNews(life: Life): void {
    for (const [group, definitions] of Object.entries(engineContract)) {
      for (const [name, definition] of Object.entries(definitions)) {
        if (definition.kind !== "event") continue;
        const path = `${group}.${name}`;
        listenAt(life.connection, path, (payload) => {
          this.#work.end(path, payload);
          this.#tell(path, payload);
          this.#changeReady();
        });
      }
    }
  }

  #hung(life: Life): void {
    life.hung = true;
    life.process.kill();
  }

  #died(life: Life, exit: EngineExit): void {
    life.stopHeartbeat();
    if (this.#current !== life || this.#closed) return;
    this.#current = undefined;
    this.#life = undefined;
    const reason = exitReason({
      role: this.#options.role,
      exit,
      hung: life.hung,
      outOfMemoryKills: memoryKills() - life.memoryKillsAtBirth,
    });
    const healthy = Date.now() - life.bornAt >= this.#timing.healthyMs;
    this.#deathsInARow = healthy ? 1 : this.#deathsInARow + 1;
    const lost = this.#work.lose(toErrorData(reason));
    const givesUp = this.#deathsInARow >= this.#timing.patience;
    this.#change(givesUp ? "stopped" : "restarting", reason);
    life.connection.close(reason);
    for (const { path, payload } of lost) this.#tell(path, payload);
    if (!givesUp) this.#restart = setTimeout(() => this.start(), this.#backOff());
  }

  #backOff(): number {
    return Math.min(this.#timing.longestBackOffMs, this.#timing.firstBackOffMs * 2 ** (this.#deathsInARow - 1));
  }

  /** Between ready and busy; from other states only when a process has just come up. */
  #changeReady(born = false): void {
    if (!born && this.#state.state !== "ready" && this.#state.state !== "busy") return;
    this.#change(this.#openCalls + this.#work.count > 0 ? "busy" : "ready");
  }

  #change(state: EngineState["state"], reason?: HoneError): void {
    const lastError = reason
      ? { code: reason.code, message: reason.message, hint: reason.hint }
      : this.#state.lastError;
    if (state === this.#state.state && lastError === this.#state.lastError) return;
    this.#state = { role: this.#options.role, state, lastError };
    this.#options.onState?.(this.#state);
  }
}

function portOf(child: EngineProcess): Port {
  const listeners = new Set<(message: Message) => void>();
  child.onMessage((message) => {
    for (const listener of [...listeners]) listener(message as Message);
  });
  return {
    send: (message) => child.send(message),
    onMessage: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** The contract's members by their paths, where types no longer reach. */
function memberAt(connection: Client<EngineContract>, path: string): (input: unknown) => unknown {
  const [group = "", name = ""] = path.split(".");
  const member = (connection as unknown as Record<string, Record<string, (input: unknown) => unknown>>)[group]?.[name];
  if (!member) throw new HoneError("ipc.unknown", `The engine has nothing named "${path}".`);
  return member;
}

async function callAt(connection: Client<EngineContract>, path: string, input: unknown): Promise<unknown> {
  return memberAt(connection, path)(input);
}

function listenAt(connection: Client<EngineContract>, path: string, listener: (payload: unknown) => void): void {
  (memberAt(connection, path) as unknown as (listener: (payload: unknown) => void) => void)(listener);
}
