import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import WebSocket from "ws";

const launcher = fileURLToPath(new URL("../support/launch-served.mjs", import.meta.url));

/** One life of the served shell, called as its window calls it. */
export class ServedStudio {
  #open = new Map();
  #lastId = 0;

  /** Starts the program on a data folder and knocks with its token. */
  static async start(dataFolder) {
    const child = spawn(process.execPath, [launcher, "--served", "--no-open", "--data", dataFolder], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    const ended = new Promise((resolve) => child.on("close", resolve));
    const url = new URL(await firstUrl(child));
    const socket = new WebSocket(`ws://${url.host}/ipc`, ["hone", `hone.${url.hash.slice("#token=".length)}`], {
      origin: url.origin,
    });
    await new Promise((resolve, reject) => {
      socket.on("open", resolve);
      socket.on("error", reject);
    });
    return new ServedStudio(child, ended, socket);
  }

  constructor(child, ended, socket) {
    this.child = child;
    this.ended = ended;
    this.socket = socket;
    socket.on("message", (data) => this.#receive(JSON.parse(data.toString())));
    socket.on("close", () => {
      for (const { reject } of this.#open.values()) reject(new Error("the program is gone"));
      this.#open.clear();
    });
    socket.on("error", () => undefined);
  }

  call(path, input) {
    return new Promise((resolve, reject) => {
      const id = ++this.#lastId;
      this.#open.set(id, { resolve, reject });
      this.socket.send(JSON.stringify({ type: "request", id, path, input }));
    });
  }

  /** Process ids of its engines; only systems with /proc tell. */
  engines() {
    try {
      const children = readFileSync(`/proc/${this.child.pid}/task/${this.child.pid}/children`, "utf8");
      return children.trim().split(" ").filter(Boolean).map(Number);
    } catch {
      return [];
    }
  }

  /** Of the program itself; null where the system does not tell. */
  usage() {
    try {
      const status = readFileSync(`/proc/${this.child.pid}/status`, "utf8");
      const kilobytes = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0);
      return { handles: readdirSync(`/proc/${this.child.pid}/fd`).length, bytes: kilobytes * 1024 };
    } catch {
      return null;
    }
  }

  /** Gone at once, as in a power cut; its engines follow. */
  async kill() {
    this.child.kill("SIGKILL");
    await this.ended;
  }

  async stop() {
    this.child.kill("SIGINT");
    await this.ended;
  }

  #receive(message) {
    if (message.type !== "reply") return;
    const waiting = this.#open.get(message.id);
    this.#open.delete(message.id);
    if (message.ok) waiting?.resolve(message.value);
    else waiting?.reject(Object.assign(new Error(message.error.message), { code: message.error.code }));
  }
}

function firstUrl(child) {
  let output = "";
  return new Promise((resolve, reject) => {
    const read = (chunk) => {
      output += chunk.toString();
      const found = /^http:\/\/\S+$/m.exec(output);
      if (found) resolve(found[0]);
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.on("close", () => reject(new Error(`it ended without a URL:\n${output}`)));
  });
}
