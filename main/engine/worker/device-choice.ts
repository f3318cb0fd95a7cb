import { randomRows, trialTraining } from "@main/engine/worker/trial";
import type { Addon, NativeModel, NativeRecipe, NativeStep, OpenOptions } from "@shared/engine/addon";
import type { ModelRef } from "@shared/engine/protocol";
import { toErrorData } from "@shared/errors";
import { candidates, type Device, type DeviceCheck } from "@shared/models/device";
import { projections } from "@shared/models/model";

/** Computed by both devices; the losses of the second and third step tell of the backward pass and of the optimiser. */
const steps = 3;
const tokens = 24;
/** Relative. One int8 code that falls to the other side of a tie moves a loss by less, and a gradient by a few thousandths. */
const lossTolerance = 5e-3;
const gradientTolerance = 3e-2;

const trialRecipe: NativeRecipe = {
  rank: 4,
  alpha: 8,
  rankStabilised: false,
  dropout: 0,
  projections,
  learningRate: 1e-3,
  schedule: "constant",
  warmupSteps: 0,
  totalSteps: steps,
  batchSize: 1,
  accumulation: 1,
  contextLength: tokens,
  packing: false,
  clipNorm: 1,
  weightDecay: 0,
  activationCheckpointing: true,
  validateEvery: 0,
  checkpointEvery: 0,
  patience: 0,
  seed: 1,
};

export interface Opened {
  readonly native: NativeModel;
  /** Id of the device that computes. */
  readonly device: string;
  /** Why it is not the device that was tried first, or what the check of it found; empty where nothing was tried. */
  readonly note: string;
}

export interface DeviceChoiceOptions {
  readonly addon: Addon;
  readonly onCheck: (check: DeviceCheck) => void;
  /** Devices that the CPU computes are tried as well: for tests. */
  readonly software?: boolean;
}

/**
 * Opens models where the person wants them. For "auto" each GPU in turn has to train the first steps of the model as the CPU
 * does, once per model and process; the CPU computes where none can.
 */
export class DeviceChoice {
  /** By device and model: the sentence of a check that failed. */
  readonly #failed = new Map<string, string>();
  readonly #passed = new Set<string>();

  constructor(private readonly options: DeviceChoiceOptions) {}

  async open(ref: ModelRef, state: string): Promise<Opened> {
    if (ref.device !== "auto") return { native: await this.#native(ref, ref.device), device: ref.device, note: "" };
    const { addon, software = false } = this.options;
    const devices = candidates(addon.devices().devices, ref.forbidden ?? [], { software });
    const keyOf = ({ id, name, gpu }: Device) =>
      JSON.stringify([id, name, gpu?.driver, ref.path, ref.activation ?? null, state]);
    const trusted = devices.find((device) => this.#passed.has(keyOf(device)));
    if (trusted) return { native: await this.#native(ref, trusted.id), device: trusted.id, note: passed(trusted) };

    // First, so that a file that cannot be opened or trained on at all is never held against a device.
    const cpu = await this.#native(ref, "cpu");
    const untried = devices.filter((device) => !this.#failed.has(keyOf(device)));
    const expected = untried.length > 0 ? await trial(cpu).catch(() => null) : null;
    for (const device of expected ? untried : []) {
      const native = await this.#tried(ref, device, expected ?? []);
      const text = typeof native === "string" ? `${device.name} is not used: ${sentence(native)}` : passed(device);
      this.options.onCheck({ device: device.id, passed: typeof native !== "string", text });
      if (typeof native !== "string") {
        this.#passed.add(keyOf(device));
        cpu.close();
        return { native, device: device.id, note: text };
      }
      this.#failed.set(keyOf(device), text);
    }
    const note = devices.map((device) => this.#failed.get(keyOf(device))).find((text) => text !== undefined);
    return { native: cpu, device: "cpu", note: note ?? "" };
  }

  /** A device that failed at work is checked again before it gets more. */
  doubt(): void {
    this.#passed.clear();
  }

  #native({ path, threads, activation }: ModelRef, device: string): Promise<NativeModel> {
    const options: OpenOptions = { device, threads, ...(activation ? { activation } : {}) };
    return this.options.addon.openModel(path, options);
  }

  /** The model on the device, or what is wrong with that. */
  async #tried(ref: ModelRef, device: Device, expected: readonly NativeStep[]): Promise<NativeModel | string> {
    let native: NativeModel | undefined;
    try {
      native = await this.#native(ref, device.id);
      const fault = difference(expected, await trial(native), device.name);
      if (fault === null) return native;
      native.close();
      return fault;
    } catch (error) {
      native?.close();
      return toErrorData(error).message;
    }
  }
}

const passed = ({ name }: Device) => `${name} trains the first steps as the CPU does.`;

function trial(native: NativeModel): Promise<readonly NativeStep[]> {
  const rows = randomRows(1, tokens, native.info.vocabularySize);
  return trialTraining(native, trialRecipe, rows, (taken) => taken.length === steps);
}

function difference(expected: readonly NativeStep[], found: readonly NativeStep[], name: string): string | null {
  for (const [index, { loss, gradientNorm }] of expected.entries()) {
    const step = found[index];
    if (!step) return `${name} trained ${found.length} of ${expected.length} steps.`;
    const lossError = Math.abs(step.loss - loss) / Math.abs(loss);
    const gradientError = Math.abs(step.gradientNorm - gradientNorm) / Math.abs(gradientNorm);
    // Written so that a NaN fails.
    if (!(lossError <= lossTolerance))
      return `in step ${index + 1} of its check the loss was ${step.loss.toPrecision(6)}, that of the CPU is ${loss.toPrecision(6)}.`;
    if (!(gradientError <= gradientTolerance))
      return `in step ${index + 1} of its check the norm of the gradient was ${step.gradientNorm.toPrecision(4)}, that of the CPU is ${gradientNorm.toPrecision(4)}.`;
  }
  return null;
}

const sentence = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`);
