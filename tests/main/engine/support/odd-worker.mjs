// An engine process that misbehaves on request: `engine.inspect` with one of these paths.
const deeds = {
  abort: () => process.abort(),
  "segmentation fault": () => process.kill(process.pid, "SIGSEGV"),
  "killed from outside": () => process.kill(process.pid, "SIGKILL"),
  "out of memory": () => {
    process.stderr.write("terminate called after throwing an instance of 'std::bad_alloc'\n", () => process.abort());
  },
  exit: () => {
    process.stderr.write("Error: the sky is falling\n", () => process.exit(3));
  },
  hang: () => {
    for (;;);
  },
};

const answers = new Set(["engine.ping", "train.start", "chat.generate", "engine.closeModel"]);

if (process.env.ODD_WORKER === "dies at once") process.exit(7);
process.on("disconnect", () => process.exit(0));
process.on("message", ({ id, path, input }) => {
  if (answers.has(path)) process.send({ type: "reply", id, ok: true, value: undefined });
  else if (path === "engine.inspect" && deeds[input.path]) deeds[input.path]();
  else if (path === "engine.inspect")
    process.send({ type: "reply", id, ok: true, value: { path: input.path, pid: process.pid } });
  else if (path === "train.stop") {
    process.send({ type: "news", path: "train.ended", payload: { runId: input.runId, end: "stopped", error: null } });
    process.send({ type: "reply", id, ok: true, value: undefined });
  }
});
