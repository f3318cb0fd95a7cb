import type { ExportProgress } from "@shared/models/export";

/** News more often than this is noise. */
const everyMs = 200;

/**
 * Turns pieces of work into a share and an estimate. Work is counted in bytes read or written; what is not, such as loading a
 * model, is given as the bytes that take about as long.
 */
export class ExportMeter {
  #total = 1;
  #done = 0;
  #stage: ExportProgress["stage"] = "checking";
  #last = 0;
  readonly #begin = performance.now();

  constructor(
    private readonly adapterId: string,
    private readonly tell: (progress: ExportProgress) => void,
  ) {}

  expect(bytes: number): void {
    this.#total = Math.max(1, bytes);
  }

  enter(stage: ExportProgress["stage"]): void {
    this.#stage = stage;
    this.#tell();
  }

  add(bytes: number): void {
    this.#done += bytes;
    if (performance.now() - this.#last >= everyMs) this.#tell();
  }

  #tell(): void {
    const share = Math.min(1, this.#done / this.#total);
    const seconds = (performance.now() - this.#begin) / 1000;
    this.#last = performance.now();
    this.tell({
      adapterId: this.adapterId,
      stage: this.#stage,
      share,
      remainingSeconds: seconds > 1 && share > 0.02 ? (seconds * (1 - share)) / share : null,
    });
  }
}
