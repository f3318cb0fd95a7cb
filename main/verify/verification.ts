import { existsSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { parseWithFloats } from "@main/chat-template/python-numbers";
import type { Addon, NativeAdapter, NativeModel } from "@shared/engine/addon";
import { HoneError, toErrorData } from "@shared/errors";
import type { z } from "zod";

/** One line of the result. */
export interface Check {
  readonly name: string;
  /** Null where a file that the check needs is not in the folder; such a line counts for neither side. */
  readonly ok: boolean | null;
  /** The measured error beside its limit, or what differs, in words. */
  readonly found: string;
}

/** Thrown by a check that needs what the folder does not hold. */
export class Absent extends Error {}

/** What every group of checks works with: the engine, a folder of recorded results, and where the lines go. */
export class Verification {
  passed = 0;
  failed = 0;
  readonly #models = new Map<string, Promise<NativeModel>>();

  constructor(
    readonly addon: Addon,
    readonly folder: string,
    readonly device: string,
    private readonly onCheck: (check: Check) => void,
  ) {}

  /** A line with a number that must not be above its limit. NaN never is below one. */
  measure(name: string, error: number, limit: number): void {
    this.#add({ name, ok: error <= limit, found: `${shown(error)} (limit ${shown(limit)})` });
  }

  /** A line that says what differs; nothing when all is equal. */
  equal(name: string, differences: readonly string[]): void {
    const [first, ...more] = differences;
    const found = first === undefined ? "identical" : `${first}${more.length > 0 ? `; ${more.length} more` : ""}`;
    this.#add({ name, ok: first === undefined, found });
  }

  /** Runs one check; what it throws is a line that failed, unless it is about a file that the folder does not hold. */
  async check(name: string, work: () => Promise<void> | void): Promise<void> {
    try {
      await work();
    } catch (error) {
      const { code, message } = toErrorData(error);
      const [, path = ""] = code === "file.missing" ? (/"([^"]+)"/.exec(message) ?? []) : [];
      const absent = path.startsWith(this.folder) && !existsSync(path);
      if (error instanceof Absent) this.#add({ name, ok: null, found: error.message });
      else if (absent) this.#add({ name, ok: null, found: `${relative(this.folder, path)} is not in the folder` });
      else this.#add({ name, ok: false, found: `[${code}] ${message}` });
    }
  }

  path(...names: string[]): string {
    return join(this.folder, ...names);
  }

  /** A JSON file of the folder, or null where there is none. */
  json<T>(schema: z.ZodType<T>, ...names: string[]): T | null {
    return this.#json(schema, JSON.parse, names);
  }

  /** The same with the floats of templates kept apart from whole numbers. */
  jsonWithFloats<T>(schema: z.ZodType<T>, ...names: string[]): T | null {
    return this.#json(schema, parseWithFloats, names);
  }

  #json<T>(schema: z.ZodType<T>, parse: (text: string) => unknown, names: readonly string[]): T | null {
    const text = this.file(...names);
    if (text === null) return null;
    const parsed = schema.safeParse(this.#parsed(parse, Buffer.from(text).toString("utf8"), names));
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    throw new HoneError("verify.layout", `${names.join("/")}: ${issue?.path.join(".")}: ${issue?.message}`);
  }

  #parsed(parse: (text: string) => unknown, text: string, names: readonly string[]): unknown {
    try {
      return parse(text);
    } catch (error) {
      const said = error instanceof Error ? error.message : String(error);
      throw new HoneError("verify.layout", `${names.join("/")} is not JSON: ${said.slice(0, 200)}`);
    }
  }

  /** The bytes of a file of the folder, or null where there is none. */
  file(...names: string[]): Uint8Array | null {
    try {
      return readFileSync(this.path(...names));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
      throw error;
    }
  }

  /** A model of the folder, opened once. */
  model(...names: string[]): Promise<NativeModel> {
    const path = this.path(...names);
    const known = this.#models.get(path);
    if (known) return known;
    const opened = this.addon.openModel(path, { device: this.device, threads: 0 });
    this.#models.set(path, opened);
    return opened;
  }

  async adapter(model: string, ...names: string[]): Promise<NativeAdapter> {
    return (await this.model(model)).openAdapter(this.path(...names));
  }

  async close(): Promise<void> {
    for (const model of await Promise.allSettled(this.#models.values())) {
      if (model.status === "fulfilled") model.value.close();
    }
  }

  #add(check: Check): void {
    if (check.ok === true) this.passed += 1;
    else if (check.ok === false) this.failed += 1;
    this.onCheck(check);
  }
}

function shown(value: number): string {
  return value === 0 ? "0" : value.toExponential(2);
}
