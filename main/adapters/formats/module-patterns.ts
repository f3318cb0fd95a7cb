import { HoneError } from "@shared/errors";

/**
 * The value for a module of `rank_pattern` or `alpha_pattern`: that of the first key which is the end of its path, as PEFT has
 * it. Keys are regular expressions from an untrusted file, so those that could run for ever are refused.
 */
export function patternValue(patterns: Readonly<Record<string, number>>, modulePath: string): number | undefined {
  for (const [key, value] of Object.entries(patterns)) {
    if (key === modulePath || new RegExp(`^(?:.*\\.)?(?:${checked(key)})$`).test(modulePath)) return value;
  }
  return undefined;
}

function checked(key: string): string {
  const repeats = key.replace(/\\./g, "").match(/[*+{]/g)?.length ?? 0;
  // A repeat of a group can nest repeats, and then matching takes exponential time.
  if (key.length > 500 || repeats > 4 || /\)[*+{]|\\\d|\(\?[<!=]/.test(key)) {
    throw new HoneError(
      "adapter.pattern",
      `The pattern ${JSON.stringify(key.slice(0, 100))} in adapter_config.json is too complicated to be trusted.`,
      "Name the modules in full instead.",
    );
  }
  try {
    new RegExp(key);
    return key;
  } catch {
    throw new HoneError(
      "adapter.pattern",
      `${JSON.stringify(key.slice(0, 100))} in adapter_config.json is no pattern.`,
    );
  }
}
