import { Readable } from "node:stream";
import { main } from "@main/cli/index";
import { type FakeEngine, fakeEngine } from "./fake-engine";

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly errors: string;
  /** The lines of `out` as JSON. */
  readonly json: readonly Record<string, unknown>[];
}

/** Runs `npm run hone -- …` in this process, over the fake engine. */
export async function hone(
  args: readonly string[],
  {
    engine = fakeEngine(),
    input = "",
    interrupted = new AbortController().signal,
    isTty = false,
    starter = "no starter",
  }: { engine?: FakeEngine; input?: string; interrupted?: AbortSignal; isTty?: boolean; starter?: string } = {},
): Promise<Ran> {
  let out = "";
  let errors = "";
  const code = await main(args, {
    spawner: engine.spawner,
    interrupted,
    starter,
    input: Readable.from([input]),
    terminal: {
      isTty,
      columns: 100,
      write: (text) => {
        out += text;
      },
      writeError: (text) => {
        errors += text;
      },
    },
  });
  return {
    code,
    out,
    errors,
    get json() {
      return out
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as Record<string, unknown>);
    },
  };
}
