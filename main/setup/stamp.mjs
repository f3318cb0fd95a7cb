import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { places, root } from "./places.mjs";

/** A digest of paths, sizes and times of all files under the given files and folders: cheap, and new when any was touched. */
export function fingerprint(sources, extra = "") {
  const hash = createHash("sha256").update(extra);
  for (const source of sources) visit(path.join(root, source), hash);
  return hash.digest("hex");
}

function visit(place, hash) {
  const facts = statSync(place, { throwIfNoEntry: false });
  if (!facts) return;
  if (!facts.isDirectory()) {
    hash.update(`${path.relative(root, place)} ${facts.size} ${facts.mtimeMs}\n`);
    return;
  }
  for (const name of readdirSync(place).sort()) visit(path.join(place, name), hash);
}

const stampFile = (name) => path.join(places.stamps, name);

/** True when the step of that name ended well with the same fingerprint and its results are still there. */
export function isCurrent(name, print, results) {
  if (!results.every((result) => existsSync(result))) return false;
  return existsSync(stampFile(name)) && readFileSync(stampFile(name), "utf8") === print;
}

export function markCurrent(name, print) {
  mkdirSync(places.stamps, { recursive: true });
  writeFileSync(stampFile(name), print);
}
