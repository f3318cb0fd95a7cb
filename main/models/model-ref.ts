import type { ModelRef } from "@shared/engine/protocol";
import { type ChoosableActivation, hasActivationChoice, type ModelInfo } from "@shared/models/model";
import type { Settings } from "@shared/models/settings";

/** How the engine is to open a model under the person's settings. */
export function modelRef(
  info: Pick<ModelInfo, "path" | "activation">,
  { device, forbiddenDevices, threads }: Settings,
): ModelRef {
  const activation = chosenActivation(info);
  return {
    path: info.path,
    device,
    threads,
    ...(device === "auto" && forbiddenDevices.length > 0 ? { forbidden: forbiddenDevices } : {}),
    ...(activation ? { activation } : {}),
  };
}

/** What the person chose for a model; undefined where its file or kind decides. */
export function chosenActivation({ activation }: Pick<ModelInfo, "activation">): ChoosableActivation | undefined {
  return activation.source === "chosen" && activation.kind !== "gelu_tanh" ? activation.kind : undefined;
}

/** For the metadata of an adapter: the activation of a base that exists with either, as the adapter was trained on it. */
export function activationKey({
  architecture,
  activation,
}: Pick<ModelInfo, "architecture" | "activation">): Record<string, string> {
  return hasActivationChoice(architecture) ? { "hone.base.hidden_activation": activation.kind } : {};
}
