import { closeSync, fsyncSync, openSync, renameSync, rmSync } from "node:fs";
import type { Database } from "@main/storage/database";
import { fileError } from "@main/storage/file-error";

/** Where a database as it was before the step away from `version` is kept. */
export const copyOf = (path: string, version: number) => `${path}.version-${version}`;

/** Writes all that is stored, journal included, into a file of its own, which is whole or not there. */
export function keepCopy(database: Database, version: number): void {
  // One in memory has nothing to lose.
  if (database.path === ":memory:") return;
  const target = copyOf(database.path, version);
  const temporary = `${target}.partial`;
  try {
    rmSync(temporary, { force: true });
    database.run("VACUUM INTO @temporary", { temporary });
    const file = openSync(temporary, "r+");
    try {
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, target);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw fileError(error, "keep a copy of the database in", target);
  }
}
