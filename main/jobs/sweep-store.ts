import { type Database, jsonColumn } from "@main/storage/database";
import { type Grid, gridSchema } from "@shared/models/sweep";
import { z } from "zod";

export interface StoredSweep {
  readonly id: string;
  readonly name: string;
  readonly grid: Grid;
  readonly createdAt: string;
}

const row = z
  .object({ id: z.string(), name: z.string(), grid: jsonColumn(gridSchema), created_at: z.string() })
  .transform(({ created_at, ...found }): StoredSweep => ({ ...found, createdAt: created_at }));

export class SweepStore {
  constructor(private readonly database: Database) {}

  /** Newest first; those whose runs are all removed are left out. */
  list(): StoredSweep[] {
    return this.database.all(
      row,
      `SELECT * FROM sweeps WHERE id IN (SELECT sweep_id FROM runs WHERE sweep_id IS NOT NULL)
       ORDER BY created_at DESC, id`,
    );
  }

  insert({ grid, ...sweep }: StoredSweep): void {
    this.database.run("INSERT INTO sweeps (id, name, grid, created_at) VALUES (@id, @name, @grid, @createdAt)", {
      ...sweep,
      grid: JSON.stringify(grid),
    });
  }
}
