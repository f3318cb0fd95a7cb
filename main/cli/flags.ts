import { type ParseArgsConfig, parseArgs } from "node:util";
import { UsageError } from "@main/cli/usage-error";
import { type ChoosableActivation, choosableActivationSchema } from "@shared/models/model";

type Options = NonNullable<ParseArgsConfig["options"]>;

/** Flags that every command knows; read before the command itself. */
const commonOptions = {
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const satisfies Options;

/** `parseArgs` whose complaints are usage errors. `places` names what stands without a flag, in order; all must be there. */
export function readFlags<O extends Options>(args: readonly string[], options: O, places: readonly string[] = []) {
  const parsed = parse(args, options);
  if (parsed.positionals.length > places.length) {
    throw new UsageError(`"${parsed.positionals[places.length]}" is one word too many.`);
  }
  const missing = places[parsed.positionals.length];
  if (missing !== undefined) throw new UsageError(`${missing} is missing.`);
  return parsed;
}

function parse<O extends Options>(args: readonly string[], options: O) {
  try {
    return parseArgs({
      args: [...args],
      options: { ...commonOptions, ...options },
      allowPositionals: true,
      strict: true,
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

export function required(value: string | undefined, flag: string): string {
  if (value === undefined || value === "") throw new UsageError(`${flag} is missing.`);
  return value;
}

export function numberFlag(value: string, flag: string): number {
  const number = Number(value);
  if (value.trim() === "" || !Number.isFinite(number))
    throw new UsageError(`${flag} takes a number; this is "${value}".`);
  return number;
}

export function choiceFlag<T extends string>(value: string, flag: string, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === value);
  if (found === undefined) throw new UsageError(`${flag} takes one of ${choices.join(", ")}; this is "${value}".`);
  return found;
}

/** `--activation`, for BitNet models whose file does not say which one they were trained with. */
export function activationFlag(value: string | undefined): { activation?: ChoosableActivation } {
  return value === undefined
    ? {}
    : { activation: choiceFlag(value, "--activation", choosableActivationSchema.options) };
}

export const activationHelp =
  "  --activation silu|relu2    of a BitNet model, when what its file or kind says is wrong";

/** "FILE@STRENGTH"; without a strength, 1. A file name may hold an @ of its own. */
export function adapterFlag(value: string): { path: string; strength: number } {
  const at = value.lastIndexOf("@");
  const strength = at > 0 ? Number(value.slice(at + 1)) : Number.NaN;
  if (at > 0 && value.slice(at + 1).trim() !== "" && Number.isFinite(strength))
    return { path: value.slice(0, at), strength };
  return { path: value, strength: 1 };
}

export function tokensFlag(value: string): number[] {
  return value.split(",").map((word) => {
    const token = numberFlag(word, "--tokens");
    if (!Number.isInteger(token) || token < 0) throw new UsageError(`--tokens takes token numbers; "${word}" is none.`);
    return token;
  });
}
