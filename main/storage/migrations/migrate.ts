import type { Database } from "@main/storage/database";
import { first } from "@main/storage/migrations/001-first";
import { checkpointsAndSweeps } from "@main/storage/migrations/002-checkpoints-and-sweeps";
import { passports } from "@main/storage/migrations/003-passports";
import { deviceOfRun } from "@main/storage/migrations/004-device-of-run";
import { keepCopy } from "@main/storage/migrations/keep-copy";
import { HoneError } from "@shared/errors";
import { z } from "zod";

/** One step from version `version - 1` to `version`. Never edited after a release; a change is a new step. */
export interface Migration {
  readonly version: number;
  readonly sql: string;
}

export const migrations: readonly Migration[] = [first, checkpointsAndSweeps, passports, deviceOfRun];

const versionRow = z.object({ user_version: z.int() });

/**
 * Brings the database to the newest version, each step in its own transaction; a copy of it as it was stays beside it. A database
 * of a newer Hone is refused untouched.
 */
export function migrate(database: Database, steps: readonly Migration[] = migrations): void {
  const newest = steps.at(-1)?.version ?? 0;
  const found = database.get(versionRow, "PRAGMA user_version")?.user_version ?? 0;
  if (found > newest) {
    throw new HoneError(
      "storage.newer",
      `The database "${database.path}" has version ${found}; this Hone knows versions up to ${newest}.`,
      "Open it with the newer Hone that made it, or choose another data folder.",
    );
  }
  if (found > 0 && found < newest) keepCopy(database, found);
  for (const { version, sql } of steps) {
    if (version <= found) continue;
    database.transaction(() => {
      database.execute(sql);
      database.execute(`PRAGMA user_version = ${version}`);
    });
  }
}
