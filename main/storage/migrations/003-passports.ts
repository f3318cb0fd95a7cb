import type { Migration } from "@main/storage/migrations/migrate";

/** What an adapter that came in a bundle says of itself, as JSON. */
export const passports: Migration = {
  version: 3,
  sql: "ALTER TABLE adapters ADD COLUMN passport TEXT;",
};
