import {
  closeSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

// What a power cut or a bad disk does to files. All of it is for moments at which nothing runs.

/** Cuts or flips the newest checkpoint of every run that has one. Returns how many. */
export function damageCheckpoints(data, random) {
  let damaged = 0;
  for (const folder of runFolders(data)) {
    const path = join(folder, "checkpoint.gguf");
    try {
      const { size } = statSync(path);
      if (random() < 0.5) truncateSync(path, Math.floor(random() * size));
      else flip(path, random, 0, size - 64);
      damaged += 1;
    } catch {
      // No checkpoint yet.
    }
  }
  return damaged;
}

function runFolders(data) {
  try {
    return readdirSync(join(data, "runs")).map((id) => join(data, "runs", id));
  } catch {
    return [];
  }
}

/**
 * The newest part of the database's journal: https://www.sqlite.org/fileformat2.html#the_write_ahead_log. 32 bytes of head, then
 * frames of 24 bytes and a page; those with the salt of the head are of this round.
 */
export function readJournal(data) {
  const path = join(data, "hone.db-wal");
  try {
    const { size } = statSync(path);
    const file = openSync(path, "r");
    try {
      const head = Buffer.alloc(32);
      if (readSync(file, head, 0, 32, 0) < 32) return null;
      const frameBytes = 24 + head.readUInt32BE(8);
      const salt = head.toString("hex", 16, 24);
      const frame = Buffer.alloc(24);
      let frames = 0;
      while (32 + (frames + 1) * frameBytes <= size) {
        readSync(file, frame, 0, 24, 32 + frames * frameBytes);
        if (frame.toString("hex", 8, 16) !== salt) break;
        frames += 1;
      }
      return { path, salt, frames, frameBytes };
    } finally {
      closeSync(file);
    }
  } catch {
    return null;
  }
}

/** SQLite copies its journal into the database once it has so many frames, both synced: after that no power cut takes it apart. */
const framesCopied = 1000;

/**
 * Cuts the journal in the middle, or flips a bit of it: SQLite then takes back whatever was stored from there on. What is in
 * `known` stays. Returns how many were hurt, 1 or 0.
 */
export function damageJournal(data, random, known) {
  const journal = readJournal(data);
  if (!journal || journal.frames >= framesCopied) return 0;
  const first = known?.salt === journal.salt ? known.frames : 0;
  if (journal.frames <= first) return 0;
  const from = 32 + first * journal.frameBytes;
  const to = 32 + journal.frames * journal.frameBytes;
  if (random() < 0.5) truncateSync(journal.path, from + Math.floor(random() * (to - from)));
  else flip(journal.path, random, from, to);
  return 1;
}

function flip(path, random, from, to) {
  const bytes = readFileSync(path);
  bytes[from + Math.floor(random() * (to - from))] ^= 1 << Math.floor(random() * 8);
  writeFileSync(path, bytes);
}
