import { parseArgs } from "node:util";
import { HoneError, toErrorData } from "@shared/errors";

/** What can follow `npm start --`. Some matter to the set-up only. */
export interface StartFlags {
  readonly port: number;
  readonly data: string | undefined;
  readonly open: boolean;
}

export function startFlags(flags: readonly string[]): StartFlags {
  const { port, data, "no-open": noOpen } = parse(flags);
  const number = port === undefined ? 0 : Number(port);
  if (!Number.isInteger(number) || number < 0 || number > 65_535) {
    throw new HoneError(
      "app.flag",
      `--port takes a number from 0 to 65535; this is "${port}".`,
      "Leave it out for any free port.",
    );
  }
  return { port: number, data, open: !noOpen };
}

function parse(flags: readonly string[]) {
  try {
    return parseArgs({
      args: [...flags],
      options: {
        port: { type: "string" },
        data: { type: "string" },
        "no-open": { type: "boolean" },
        served: { type: "boolean" },
        "get-electron": { type: "boolean" },
      },
    }).values;
  } catch (error) {
    throw new HoneError(
      "app.flag",
      toErrorData(error).message,
      "npm start -- [--served] [--port N] [--data FOLDER] [--no-open] [--get-electron]",
    );
  }
}
