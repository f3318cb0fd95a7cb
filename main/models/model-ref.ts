import type { ModelRef } from "@shared/engine/protocol";
import type { ModelInfo } from "@shared/models/model";
import type { Settings } from "@shared/models/settings";

/** How the engine is to open a model under the person's settings. "auto" is the CPU, which is there and right on every machine. */
export function modelRef({ path }: Pick<ModelInfo, "path">, { device, threads }: Settings): ModelRef {
  return { path, device: device === "auto" ? "cpu" : device, threads };
}
