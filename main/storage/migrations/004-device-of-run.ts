import type { Migration } from "@main/storage/migrations/migrate";

export const deviceOfRun: Migration = {
  version: 4,
  sql: `
    -- Where it is computed, from its first step on: a run that went on elsewhere would end with other bits.
    ALTER TABLE runs ADD COLUMN device TEXT;
  `,
};
