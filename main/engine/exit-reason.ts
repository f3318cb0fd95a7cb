import type { EngineExit, EngineRole } from "@main/engine/spawner";
import { HoneError } from "@shared/errors";

export interface ExitCircumstances {
  readonly role: EngineRole;
  readonly exit: EngineExit;
  /** The supervisor ended it because it no longer answered. */
  readonly hung: boolean;
  /** The operating system's count of processes it ended for memory grew while the engine ran. */
  readonly outOfMemoryKills: number;
}

const memoryWords = /bad_alloc|heap out of memory|out of memory|cannot allocate memory/i;

/** Why an engine process is gone, in words a person can act on. Codes: "engine.hung", "engine.out-of-memory", "engine.killed", "engine.crashed". */
export function exitReason({ role, exit, hung, outOfMemoryKills }: ExitCircumstances): HoneError {
  const details = { role, exitCode: exit.code, signal: exit.signal, output: exit.errorText.trim().slice(-2_000) };
  const again =
    role === "training"
      ? "The run can continue from its last checkpoint."
      : "Ask again; the engine is being restarted.";
  if (hung) {
    return new HoneError(
      "engine.hung",
      "The engine stopped answering and was ended.",
      `${again} If it happens with one model only, its chat template may never finish.`,
      details,
    );
  }
  if ((exit.signal === "SIGKILL" && outOfMemoryKills > 0) || memoryWords.test(exit.errorText)) {
    return new HoneError(
      "engine.out-of-memory",
      "The engine ran out of memory.",
      "Use a shorter context length, a smaller batch, activation checkpointing or a smaller model, or close other programs.",
      details,
    );
  }
  if (exit.signal === "SIGKILL" || exit.signal === "SIGTERM" || exit.signal === "SIGINT") {
    return new HoneError(
      "engine.killed",
      `The engine was ended from outside (${exit.signal}).`,
      `${again} If nobody did that, the system may have been short of memory.`,
      details,
    );
  }
  if (exit.signal === "SIGBUS") {
    return new HoneError(
      "engine.crashed",
      "The engine lost a file that it was reading (SIGBUS).",
      "The model file was shortened or its disk went away; check the file and add it again.",
      details,
    );
  }
  const how = exit.signal
    ? `with ${exit.signal}`
    : exit.code === null
      ? "before it could start"
      : `with exit code ${exit.code}`;
  const said = lastLine(exit.errorText);
  return new HoneError(
    "engine.crashed",
    `The engine ended unexpectedly ${how}${said ? `: ${said}` : "."}`,
    again,
    details,
  );
}

function lastLine(text: string): string {
  const lines = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  return (lines.find((line) => /error/i.test(line)) ?? lines.at(-1) ?? "").slice(0, 300);
}
