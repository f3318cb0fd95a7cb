import type { EngineState } from "@shared/ipc/contract";

/** An engine that is needed by nobody is not running; that is no trouble. */
export function isTroubled(engine: EngineState): boolean {
  return engine.state === "restarting" || (engine.state === "stopped" && engine.lastError !== null);
}

export function engineWords(engine: EngineState): string {
  switch (engine.state) {
    case "starting":
      return "Engine starting";
    case "ready":
      return "Engine ready";
    case "busy":
      return "Engine at work";
    case "restarting":
      return "Engine restarting after a failure";
    case "stopped":
      return engine.lastError ? "Engine stopped after a failure" : "Engine at rest";
  }
}
