import { fileURLToPath } from "node:url";
import { loadAddon } from "@main/engine/worker/addon";
import { DeviceChoice } from "@main/engine/worker/device-choice";
import type { Addon, NativeModel } from "@shared/engine/addon";
import type { ModelRef } from "@shared/engine/protocol";
import { HoneError } from "@shared/errors";
import { candidates, type Device, type DeviceCheck, type GpuFacts } from "@shared/models/device";
import { describe, expect, it } from "vitest";

const at = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const addon = loadAddon(process.env.HONE_ADDON ?? at("out/native/hone.node"));
const model: ModelRef = { path: at("tests/fixtures/models/bitnet-tq2_0.gguf"), device: "auto", threads: 2 };

const gpu = (id: string, build: GpuFacts["build"], gigabytes: number, unusable = ""): Device => ({
  id,
  kind: "vulkan",
  name: `Card ${id}`,
  memoryBytes: gigabytes * 1e9,
  features: [],
  threads: 0,
  gpu: { build, driver: "driver 1", api: "1.3.0", freeBytes: gigabytes * 1e9, unusable },
});

/** The real engine, with cards that are the CPU in truth; `openCard` stands before each opening of one. */
function withCards(
  cards: readonly Device[],
  openCard: (id: string) => void = () => undefined,
): Addon & { opened: string[] } {
  const opened: string[] = [];
  return {
    ...addon,
    opened,
    devices: () => ({ devices: [...addon.devices().devices.slice(0, 1), ...cards], notes: [] }),
    openModel: async (path, options) => {
      opened.push(options.device);
      if (options.device !== "cpu") openCard(options.device);
      return addon.openModel(path, { ...options, device: "cpu" });
    },
  };
}

function choice(engine: Addon) {
  const checks: DeviceCheck[] = [];
  return { checks, devices: new DeviceChoice({ addon: engine, onCheck: (check) => checks.push(check) }) };
}

describe("the automatic choice of a device", () => {
  it("tries cards of their own before graphics in the processor, larger ones first, and none that the CPU computes", () => {
    const cards = [
      gpu("vulkan:0", "integrated", 16),
      gpu("vulkan:1", "software", 64),
      gpu("vulkan:2", "discrete", 8),
      gpu("vulkan:3", "discrete", 24),
      gpu("vulkan:4", "discrete", 48, "It lacks 16-bit storage."),
    ];
    expect(candidates(cards, []).map(({ id }) => id)).toEqual(["vulkan:3", "vulkan:2", "vulkan:0"]);
    expect(candidates(cards, ["vulkan:3"]).map(({ id }) => id)).toEqual(["vulkan:2", "vulkan:0"]);
  });

  it("takes a card that trains the first steps as the CPU does, and tests it once", async () => {
    const engine = withCards([gpu("vulkan:0", "discrete", 8)]);
    const { devices, checks } = choice(engine);
    const opened = await devices.open(model, "one");
    expect(opened.device).toBe("vulkan:0");
    expect(engine.opened).toEqual(["cpu", "vulkan:0"]);
    opened.native.close();
    (await devices.open(model, "one")).native.close();
    expect(engine.opened).toEqual(["cpu", "vulkan:0", "vulkan:0"]);
    expect(checks.every(({ passed }) => passed)).toBe(true);
  });

  it("falls back to the CPU with a sentence when a card cannot hold the model", async () => {
    const engine = withCards([gpu("vulkan:0", "discrete", 1)], () => {
      throw new HoneError("memory.exhausted", "12 MB are needed, 1 MB are free", "Take a smaller model.");
    });
    const { devices, checks } = choice(engine);
    const opened = await devices.open(model, "one");
    opened.native.close();
    expect(opened.device).toBe("cpu");
    expect(opened.note).toBe("Card vulkan:0 is not used: 12 MB are needed, 1 MB are free.");
    expect(checks).toEqual([{ device: "vulkan:0", passed: false, text: opened.note }]);
    // It is not tried again for this model.
    (await devices.open(model, "one")).native.close();
    expect(engine.opened).toEqual(["cpu", "vulkan:0", "cpu"]);
  });

  it("does not trust a card whose gradients are not those of the CPU", async () => {
    const cards = withCards([gpu("vulkan:0", "discrete", 8), gpu("vulkan:1", "integrated", 8)]);
    const wrong: Addon = {
      ...cards,
      openModel: async (path, options) => {
        const native = await cards.openModel(path, options);
        return options.device === "vulkan:0" ? withWrongGradients(native) : native;
      },
    };
    const { devices, checks } = choice(wrong);
    const opened = await devices.open(model, "one");
    opened.native.close();
    expect(opened.device).toBe("vulkan:1");
    expect(checks.map(({ device, passed }) => [device, passed])).toEqual([
      ["vulkan:0", false],
      ["vulkan:1", true],
    ]);
    expect(checks[0]?.text).toMatch(/^Card vulkan:0 is not used: in step 1 of its check the norm of the gradient was /);
  });

  it("does not hold a file that cannot be opened against a card", async () => {
    const engine = withCards([gpu("vulkan:0", "discrete", 8)]);
    const { devices, checks } = choice(engine);
    const broken = { ...model, path: at("tests/fixtures/models/gradients.json") };
    await expect(devices.open(broken, "one")).rejects.toMatchObject({ code: "gguf.magic" });
    expect(checks).toEqual([]);
  });

  it("frees a model on a card that fails while it is tested", async () => {
    const cards = withCards([gpu("vulkan:0", "discrete", 8)]);
    let closed = 0;
    const failing: Addon = {
      ...cards,
      openModel: async (path, options) => {
        const native = await cards.openModel(path, options);
        return options.device === "cpu" ? native : withFailingTraining(native, () => closed++);
      },
    };
    const { devices } = choice(failing);
    const opened = await devices.open(model, "one");
    opened.native.close();
    expect(opened).toMatchObject({ device: "cpu", note: "Card vulkan:0 is not used: it stopped answering." });
    expect(closed).toBe(1);
  });

  it("tests a card again after it failed at work", async () => {
    const engine = withCards([gpu("vulkan:0", "discrete", 8)]);
    const { devices } = choice(engine);
    (await devices.open(model, "one")).native.close();
    devices.doubt();
    (await devices.open(model, "one")).native.close();
    expect(engine.opened).toEqual(["cpu", "vulkan:0", "cpu", "vulkan:0"]);
  });

  it("opens a model on the device that was asked for, without a test", async () => {
    const engine = withCards([gpu("vulkan:0", "discrete", 8)]);
    const { devices } = choice(engine);
    (await devices.open({ ...model, device: "cpu" }, "one")).native.close();
    expect(engine.opened).toEqual(["cpu"]);
  });

  const software = addon.devices().devices.some(({ gpu: facts }) => facts && facts.unusable === "");
  it.skipIf(!software)("trains on a real Vulkan device as on the CPU (skipped where there is none)", async () => {
    const checks: DeviceCheck[] = [];
    const devices = new DeviceChoice({ addon, onCheck: (check) => checks.push(check), software: true });
    const opened = await devices.open(model, "one");
    opened.native.close();
    expect(checks.map(({ text }) => text).join()).toContain("trains the first steps as the CPU does");
    expect(opened.device).toMatch(/^vulkan:\d+$/);
  });
});

function withFailingTraining(native: NativeModel, onClose: () => void): NativeModel {
  return changed(native, {
    train: () => {
      throw new HoneError("vulkan.device-lost", "it stopped answering");
    },
    close: () => {
      onClose();
      native.close();
    },
  });
}

function withWrongGradients(native: NativeModel): NativeModel {
  const train: NativeModel["train"] = (request, observer) =>
    native.train(request, {
      ...observer,
      onStep: (step) => observer.onStep({ ...step, gradientNorm: step.gradientNorm * 1.5 }),
    });
  return changed(native, { train });
}

/** A native object whose own methods want it as their `this`. */
function changed(native: NativeModel, changes: Partial<NativeModel>): NativeModel {
  return new Proxy(native, {
    get: (target, key) => {
      const value: unknown = Reflect.get(key in changes ? changes : target, key);
      return typeof value === "function" && !(key in changes) ? value.bind(target) : value;
    },
  });
}
