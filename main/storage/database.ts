import { HoneError } from "@shared/errors";
import Libsql from "libsql";
import { z } from "zod";

type Value = string | number | null;
export type Values = Record<string, Value>;

/**
 * The one SQLite database (WAL). Rows are parsed when read: what is on disk may come from another version or a damaged disk,
 * and a row that does not fit is an error "storage.row", never a wrong value.
 */
export class Database {
  readonly #statements = new Map<string, Libsql.Statement>();

  private constructor(
    readonly path: string,
    private readonly connection: Libsql.Database,
  ) {}

  /** `:memory:` gives a database of its own that vanishes with it. */
  static open(path: string): Database {
    try {
      const connection = new Libsql(path);
      connection.pragma("journal_mode = WAL");
      connection.pragma("synchronous = FULL");
      connection.pragma("busy_timeout = 5000");
      connection.pragma("foreign_keys = ON");
      return new Database(path, connection);
    } catch (error) {
      throw storageError(error, path);
    }
  }

  all<T>(schema: z.ZodType<T>, sql: string, values: Values = {}): T[] {
    return this.#try(() => this.#prepare(sql).all(values)).map((row) => parseRow(schema, row, sql));
  }

  get<T>(schema: z.ZodType<T>, sql: string, values: Values = {}): T | undefined {
    const row = this.#try(() => this.#prepare(sql).get(values));
    return row === undefined ? undefined : parseRow(schema, row, sql);
  }

  /** Returns how many rows changed. */
  run(sql: string, values: Values = {}): number {
    return this.#try(() => this.#prepare(sql).run(values).changes);
  }

  /** Several statements without values. */
  execute(sql: string): void {
    this.#try(() => this.connection.exec(sql));
  }

  /** All of `work` happens or none of it. Inside another transaction it belongs to that one. */
  transaction<T>(work: () => T): T {
    if (this.connection.inTransaction) return work();
    this.execute("BEGIN IMMEDIATE");
    try {
      const result = work();
      this.execute("COMMIT");
      return result;
    } catch (error) {
      if (this.connection.inTransaction) this.execute("ROLLBACK");
      throw error;
    }
  }

  /** Moves what is in the journal into the database first, so that the one file is all there is to copy. */
  close(): void {
    this.#statements.clear();
    try {
      this.connection.pragma("wal_checkpoint(TRUNCATE)");
    } catch {
      // A full disk or a damaged file: the journal stays, and the next start reads it.
    }
    this.connection.close();
  }

  #prepare(sql: string): Libsql.Statement {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.connection.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  #try<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw storageError(error, this.path);
    }
  }
}

/** A column that holds JSON of the given shape. */
export function jsonColumn<T>(schema: z.ZodType<T>): z.ZodType<T> {
  return z.string().transform((text, context): T => {
    try {
      return schema.parse(JSON.parse(text));
    } catch (error) {
      context.addIssue({ code: "custom", message: error instanceof Error ? error.message : String(error) });
      return z.NEVER;
    }
  });
}

function parseRow<T>(schema: z.ZodType<T>, row: unknown, sql: string): T {
  const parsed = schema.safeParse(row);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new HoneError(
    "storage.row",
    `A row of the database does not fit at "${issue?.path.join(".") ?? ""}": ${issue?.message ?? "unknown reason"} (${sql.slice(0, 80)})`,
    "The database may come from a newer version of Hone or be damaged.",
  );
}

function storageError(error: unknown, path: string): HoneError {
  if (error instanceof HoneError) return error;
  const { code = "", message = String(error) } = error as { code?: string; message?: string };
  const make = (name: string, what: string, hint: string) =>
    new HoneError(name, `The database "${path}" ${what} (${message}).`, hint, { path }, error);
  if (code.startsWith("SQLITE_FULL"))
    return make("disk.full", "cannot be written: the disk is full", "Free some space on its disk.");
  if (code.startsWith("SQLITE_BUSY") || code.startsWith("SQLITE_LOCKED")) {
    return make("storage.busy", "is in use by another program", "Close the other program and try again.");
  }
  if (code.startsWith("SQLITE_NOTADB") || code.startsWith("SQLITE_CORRUPT")) {
    return make(
      "storage.damaged",
      "is damaged",
      "Move it away to start with an empty one; models and adapters beside it are not touched.",
    );
  }
  if (code.startsWith("SQLITE_READONLY") || code.startsWith("SQLITE_CANTOPEN") || /unable to open/i.test(message)) {
    return make("file.permission", "cannot be opened for writing", "Check that its folder exists and may be written.");
  }
  return make("storage.failed", "refused a statement", "");
}
