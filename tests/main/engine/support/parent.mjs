// Starts an engine process (worker, addon) and tells its id, then waits to be killed.
import { fork } from "node:child_process";

const [worker, addon] = process.argv.slice(2);
const child = fork(worker, ["--addon", addon, "--role", "studio"], { serialization: "advanced" });
child.on("message", () => process.send?.(child.pid));
child.send({ type: "request", id: 1, path: "engine.ping" });
