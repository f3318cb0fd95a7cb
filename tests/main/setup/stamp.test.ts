import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { places, root } from "../../../main/setup/places.mjs";
import { fingerprint, isCurrent, markCurrent } from "../../../main/setup/stamp.mjs";

let folder: string;
let source: string;
beforeEach(() => {
  mkdirSync(places.out, { recursive: true });
  folder = mkdtempSync(join(places.out, "stamp-test-"));
  source = relative(root, folder);
  writeFileSync(join(folder, "a.cpp"), "int a;");
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  rmSync(join(places.stamps, "stamp-test"), { force: true });
});

describe("a fingerprint", () => {
  it("stays while nothing is touched", () => {
    expect(fingerprint([source])).toBe(fingerprint([source]));
  });

  it("changes with a file's content, time or name, with a new file, and with its circumstances", () => {
    const seen = new Set([fingerprint([source])]);
    writeFileSync(join(folder, "a.cpp"), "int ab;");
    seen.add(fingerprint([source]));
    utimesSync(join(folder, "a.cpp"), 1, 1);
    seen.add(fingerprint([source]));
    writeFileSync(join(folder, "b.cpp"), "");
    seen.add(fingerprint([source]));
    seen.add(fingerprint([source], "another machine"));
    expect(seen.size).toBe(5);
  });

  it("passes over what is not there", () => {
    expect(fingerprint([source, "no such folder"])).toBe(fingerprint([source]));
  });
});

describe("a step", () => {
  it("is current when its stamp is the same and its results are there", () => {
    const result = join(folder, "result");
    const print = fingerprint([source]);
    expect(isCurrent("stamp-test", print, [result])).toBe(false);
    markCurrent("stamp-test", print);
    expect(isCurrent("stamp-test", print, [result])).toBe(false);
    writeFileSync(result, "");
    expect(isCurrent("stamp-test", print, [result])).toBe(true);
    expect(isCurrent("stamp-test", "another", [result])).toBe(false);
  });
});
