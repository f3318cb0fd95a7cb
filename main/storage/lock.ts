import { fileError } from "@main/storage/file-error";
import { HoneError } from "@shared/errors";
import Libsql from "libsql";

/** Held while the data folder is in use. */
export interface FolderLock {
  release(): void;
}

/**
 * Makes sure that one Hone at a time works in a data folder. The lock is SQLite's own lock on a small file, which the operating
 * system gives back however the process ends.
 */
export function lockFolder(lockPath: string, folder: string): FolderLock {
  let connection: Libsql.Database | undefined;
  try {
    connection = new Libsql(lockPath);
    connection.pragma("busy_timeout = 0");
    connection.exec("BEGIN EXCLUSIVE");
    const held = connection;
    return {
      release: () => {
        // Closing alone leaves the lock until the connection is collected.
        held.exec("ROLLBACK");
        held.close();
      },
    };
  } catch (error) {
    connection?.close();
    const { code = "" } = error as { code?: string };
    if (code.startsWith("SQLITE_BUSY") || code.startsWith("SQLITE_LOCKED")) {
      throw new HoneError(
        "app.second-instance",
        `Hone is already at work in the data folder "${folder}".`,
        "Use the Hone that is open, or close it first. Another data folder can be used at the same time.",
        { folder },
      );
    }
    throw fileError(/unable to open/i.test(String(error)) ? { code: "EACCES" } : error, "lock", folder);
  }
}
