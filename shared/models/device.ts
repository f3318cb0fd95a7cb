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
}
