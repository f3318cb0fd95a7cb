import { adapterHandlers } from "@main/engine/worker/adapters";
import { Chats } from "@main/engine/worker/chat";
import { checkpointHandlers } from "@main/engine/worker/checkpoints";
import { dataHandlers } from "@main/engine/worker/data";
import { DeviceChoice } from "@main/engine/worker/device-choice";
import { evaluateHandlers } from "@main/engine/worker/evaluate";
import { logitsHandlers } from "@main/engine/worker/logits";
import { Merges } from "@main/engine/worker/merge";
import { modelHandlers } from "@main/engine/worker/model-files";
import { OpenModels } from "@main/engine/worker/models";
import { type Training, trainingOn } from "@main/engine/worker/train";
import type { Addon } from "@shared/engine/addon";
import type { EngineContract } from "@shared/engine/protocol";
import type { Emit, Handlers } from "@shared/ipc/define";

export interface WorkerOptions {
  readonly addon: Addon;
  readonly emit: Emit<EngineContract>;
  /** Models kept open at the same time. */
  readonly openModels: number;
}

interface Worker {
  /** Everything that the engine process answers. */
  readonly handlers: Handlers<EngineContract>;
  readonly rest: Training["rest"];
}

export function engineWorker({ addon, emit, openModels }: WorkerOptions): Worker {
  const devices = new DeviceChoice({
    addon,
    onCheck: (check) => emit("engine", "deviceChecked", check),
    software: process.env.HONE_SOFTWARE_GPU === "1",
  });
  const models = new OpenModels(devices, openModels);
  const chats = new Chats(models, emit);
  const merges = new Merges(models, emit);
  const training = trainingOn(models, emit);
  const handlers: Handlers<EngineContract> = {
    engine: {
      devices: () => addon.devices(),
      inspect: ({ path, activation }) => addon.inspect(path, activation ? { activation } : {}),
      inspectAdapter: ({ path }) => addon.inspectAdapter(path),
      ping: () => undefined,
      closeModel: ({ path }) => models.closePath(path),
    },
    models: modelHandlers(addon, models),
    data: dataHandlers(models),
    train: training.handlers,
    checkpoints: checkpointHandlers(models),
    evaluate: evaluateHandlers(models),
    chat: {
      generate: (input) => chats.generate(input),
      stop: ({ generationId }) => chats.stop(generationId),
    },
    adapters: adapterHandlers(addon, models),
    merge: {
      plan: (input) => merges.plan(input),
      write: (input) => merges.write(input),
      stop: ({ mergeId }) => merges.stop(mergeId),
    },
    logits: logitsHandlers(models),
  };
  return { handlers, rest: training.rest };
}
