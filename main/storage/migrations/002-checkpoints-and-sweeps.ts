import type { Migration } from "@main/storage/migrations/migrate";

export const checkpointsAndSweeps: Migration = {
  version: 2,
  sql: `
    CREATE TABLE sweeps (
      id TEXT PRIMARY KEY,
      name TEXT NOT NULL,
      grid TEXT NOT NULL,
      created_at TEXT NOT NULL
    ) STRICT;
    ALTER TABLE runs ADD COLUMN sweep_id TEXT;
    ALTER TABLE runs ADD COLUMN score_by TEXT;
    -- Of the adapter as the run left it, which may be removed from the shelf.
    ALTER TABLE runs ADD COLUMN adapter_digest TEXT;

    CREATE TABLE checkpoints (
      run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
      step INTEGER NOT NULL,
      checksum TEXT NOT NULL,
      time TEXT NOT NULL,
      PRIMARY KEY (run_id, step)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE resumes (
      id INTEGER PRIMARY KEY,
      run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
      time TEXT NOT NULL,
      step INTEGER NOT NULL,
      source TEXT NOT NULL,
      checksum TEXT,
      written TEXT
    ) STRICT;
    CREATE INDEX resumes_by_run ON resumes (run_id);

    CREATE TABLE proofs (
      id INTEGER PRIMARY KEY,
      run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
      time TEXT NOT NULL,
      from_step INTEGER NOT NULL,
      to_step INTEGER NOT NULL,
      checksum TEXT NOT NULL,
      expected TEXT NOT NULL,
      found TEXT NOT NULL,
      seconds REAL NOT NULL
    ) STRICT;
    CREATE INDEX proofs_by_run ON proofs (run_id);

    -- A run has one adapter of its end, and may have one of each of its checkpoints.
    CREATE TABLE new_adapters (
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
      run_id TEXT,
      checkpoint_step INTEGER,
      dataset_id TEXT,
      dataset_digest TEXT,
      recipe TEXT,
      final_train_loss REAL,
      final_validation_loss REAL,
      score_by TEXT,
      score_before TEXT,
      score_after TEXT,
      effect TEXT,
      created_at TEXT NOT NULL
    ) STRICT;
    INSERT INTO new_adapters (id, name, path, digest, bytes, rank, alpha, architecture, origin, model_id, base_digest, run_id,
        dataset_id, dataset_digest, recipe, final_train_loss, final_validation_loss, score_before, score_after, created_at)
      SELECT id, name, path, digest, bytes, rank, alpha, architecture, origin, model_id, base_digest, run_id,
        dataset_id, dataset_digest, recipe, final_train_loss, final_validation_loss, score_before, score_after, created_at
      FROM adapters;
    DROP TABLE adapters;
    ALTER TABLE new_adapters RENAME TO adapters;
    CREATE UNIQUE INDEX adapters_by_run ON adapters (run_id, IFNULL(checkpoint_step, 0)) WHERE run_id IS NOT NULL;

    -- What a bare base answers to a question, greedily: the same for each of its adapters.
    DROP TABLE base_scores;
    CREATE TABLE base_answers (
      base_digest TEXT NOT NULL,
      question_digest TEXT NOT NULL,
      answer TEXT NOT NULL,
      PRIMARY KEY (base_digest, question_digest)
    ) STRICT, WITHOUT ROWID;
  `,
};
