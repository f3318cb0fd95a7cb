import type { Migration } from "@main/storage/migrations/migrate";

export const first: Migration = {
  version: 1,
  sql: `
    CREATE TABLE models (
      id TEXT PRIMARY KEY,
      path TEXT NOT NULL UNIQUE,
      info TEXT NOT NULL,
      digest TEXT,
      modified_ms REAL NOT NULL,
      origin TEXT NOT NULL,
      added_at TEXT NOT NULL
    ) STRICT;

    CREATE TABLE datasets (
      id TEXT PRIMARY KEY,
      name TEXT NOT NULL,
      origin TEXT NOT NULL,
      source_path TEXT NOT NULL,
      format TEXT NOT NULL,
      rows INTEGER NOT NULL,
      skipped_rows INTEGER NOT NULL,
      test_rows INTEGER NOT NULL,
      digest TEXT NOT NULL,
      added_at TEXT NOT NULL
    ) STRICT;

    CREATE TABLE runs (
      id TEXT PRIMARY KEY,
      name TEXT NOT NULL,
      note TEXT NOT NULL,
      model_id TEXT NOT NULL,
      base_digest TEXT,
      dataset_id TEXT NOT NULL,
      dataset_digest TEXT NOT NULL,
      learn_all INTEGER NOT NULL,
      goal TEXT NOT NULL,
      recipe TEXT NOT NULL,
      state TEXT NOT NULL,
      position INTEGER NOT NULL,
      created_at TEXT NOT NULL,
      started_at TEXT,
      finished_at TEXT,
      progress TEXT,
      error TEXT,
      adapter_id TEXT
    ) STRICT;
    CREATE INDEX runs_by_state ON runs (state, position);

    CREATE TABLE metrics (
      run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
      step INTEGER NOT NULL,
      train_loss REAL NOT NULL,
      validation_loss REAL,
      learning_rate REAL NOT NULL,
      gradient_norm REAL NOT NULL,
      tokens INTEGER NOT NULL,
      tokens_per_second REAL NOT NULL,
      memory_bytes REAL NOT NULL,
      elapsed_seconds REAL NOT NULL,
      PRIMARY KEY (run_id, step)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE samples (
      id INTEGER PRIMARY KEY,
      run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
      step INTEGER NOT NULL,
      prompt TEXT NOT NULL,
      answer TEXT NOT NULL,
      expected TEXT
    ) STRICT;
    CREATE INDEX samples_by_run ON samples (run_id, step);

    CREATE TABLE log (
      id INTEGER PRIMARY KEY,
      run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
      time TEXT NOT NULL,
      level TEXT NOT NULL,
      line TEXT NOT NULL
    ) STRICT;
    CREATE INDEX log_by_run ON log (run_id);

    CREATE TABLE adapters (
      id TEXT PRIMARY KEY,
      name TEXT NOT NULL,
      path TEXT NOT NULL,
      digest TEXT NOT NULL,
      bytes INTEGER NOT NULL,
      rank INTEGER NOT NULL,
      alpha REAL NOT NULL,
      architecture TEXT NOT NULL,
      origin TEXT NOT NULL,
      model_id TEXT,
      base_digest TEXT,
      run_id TEXT UNIQUE,
      dataset_id TEXT,
      dataset_digest TEXT,
      recipe TEXT,
      final_train_loss REAL,
      final_validation_loss REAL,
      score_before TEXT,
      score_after TEXT,
      created_at TEXT NOT NULL
    ) STRICT;

    -- What a bare base scores on the held-out rows of a dataset: the same for each adapter of the two.
    CREATE TABLE base_scores (
      base_digest TEXT NOT NULL,
      rows_digest TEXT NOT NULL,
      rows INTEGER NOT NULL,
      exact_match REAL NOT NULL,
      PRIMARY KEY (base_digest, rows_digest)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE settings (
      key TEXT PRIMARY KEY,
      value TEXT NOT NULL
    ) STRICT;
  `,
};
