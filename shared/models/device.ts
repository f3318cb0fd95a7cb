/** A place where the engine can compute. */
export interface Device {
  /** "cpu" or "vulkan:<index>"; stable on one machine. */
  readonly id: string;
  readonly kind: "cpu" | "vulkan";
  readonly name: string;
  readonly memoryBytes: number;
  /** Instruction sets or device features in use, such as "avx2". */
  readonly features: readonly string[];
  readonly threads: number;
  /** Only of a device reached through Vulkan. */
  readonly gpu: GpuFacts | null;
}

export interface GpuFacts {
  /** "software": a device that Vulkan offers but the CPU computes. */
  readonly build: "discrete" | "integrated" | "virtual" | "software" | "other";
  /** Its name and version. */
  readonly driver: string;
  /** Version of Vulkan. */
  readonly api: string;
  readonly freeBytes: number;
  /** Why Hone cannot compute on it, in a sentence; empty when it can. */
  readonly unusable: string;
}

/** What the automatic choice found out about a device. */
export interface DeviceCheck {
  readonly device: string;
  readonly passed: boolean;
  /** In a sentence. */
  readonly text: string;
}

/**
 * The devices that the automatic choice tries, the best first: those built to compute before those that share the memory of the
 * machine, and of these the one with the most memory. Never one that the CPU computes unless `software` allows it.
 */
export function candidates(
  devices: readonly Device[],
  forbidden: readonly string[],
  { software = false }: { readonly software?: boolean } = {},
): Device[] {
  const order: readonly GpuFacts["build"][] = ["discrete", "integrated", "virtual", "other", "software"];
  const rank = (device: Device) => (device.gpu ? order.indexOf(device.gpu.build) : order.length);
  return devices
    .filter(({ id, gpu }) => gpu && gpu.unusable === "" && !forbidden.includes(id))
    .filter(({ gpu }) => software || gpu?.build !== "software")
    .sort((left, right) => rank(left) - rank(right) || right.memoryBytes - left.memoryBytes);
}
