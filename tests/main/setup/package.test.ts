import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { isBuiltin } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { extractFile, listPackage } from "@electron/asar";
import { getCurrentFuseWire } from "@electron/fuses";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../../", import.meta.url));
let folder: string;
let app: string;
let inside: string[];

/** As much of an unpacked Electron for Linux as electron-builder looks at: its binary with the fuses, its licences, its locales. */
async function standInElectron(place: string): Promise<void> {
  const { version } = JSON.parse(readFileSync(join(root, "node_modules/electron/package.json"), "utf8")) as {
    version: string;
  };
  // Sentinel, version of the wire, number of fuses, one character for each.
  const fuses = Buffer.concat([
    Buffer.from("dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX"),
    Buffer.from([1, 9]),
    Buffer.from("101000110"),
  ]);
  await mkdir(join(place, "locales"), { recursive: true });
  await mkdir(join(place, "resources"));
  for (const [name, content] of [
    ["electron", Buffer.concat([Buffer.from("#!/bin/false\n"), fuses, Buffer.alloc(64)])],
    ["chrome-sandbox", ""],
    ["chrome_crashpad_handler", ""],
    ["version", version],
    ["LICENSE", "MIT"],
    ["LICENSES.chromium.html", ""],
    ["locales/en-US.pak", ""],
    ["locales/de.pak", ""],
  ] as const) {
    await writeFile(join(place, name), content);
  }
  await chmod(join(place, "electron"), 0o755);
}

describe.runIf(process.platform === "linux")("the packed app", () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "hone-package-"));
    await standInElectron(join(folder, "electron"));
    await promisify(execFile)(
      process.execPath,
      [
        join(root, "node_modules/electron-builder/cli.js"),
        "--dir",
        "--linux",
        "--publish",
        "never",
        `-c.electronDist=${join(folder, "electron")}`,
        `-c.directories.output=${join(folder, "dist")}`,
      ],
      { cwd: root, env: { ...process.env, ELECTRON_BUILDER_CACHE: join(folder, "cache") } },
    );
    app = join(folder, "dist", process.arch === "arm64" ? "linux-arm64-unpacked" : "linux-unpacked");
    inside = listPackage(join(app, "resources/app.asar"), { isPack: false });
  }, 240_000);

  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("is an executable with its own name, and has Electron's licences beside it", () => {
    for (const name of ["hone", "LICENSE.electron.txt", "LICENSES.chromium.html"])
      expect(existsSync(join(app, name))).toBe(true);
  });

  it("holds the window's pages, the shell, the engine's program and no source", () => {
    expect(inside).toEqual(
      expect.arrayContaining([
        "/package.json",
        "/out/electron/main.cjs",
        "/out/electron/preload.cjs",
        "/out/main/worker.cjs",
        "/out/renderer/index.html",
        "/out/phone/index.html",
      ]),
    );
    expect(inside.filter((file) => /\.(ts|tsx|map|md)$|\/(tests|native\/core|shared)\//.test(file))).toEqual([]);
    const { main } = JSON.parse(extractFile(join(app, "resources/app.asar"), "package.json").toString()) as {
      main: string;
    };
    expect(inside).toContain(`/${main}`);
  });

  it("holds no package but the database's", () => {
    const packages = new Set(
      inside.flatMap((file) => /^\/node_modules\/(@[^/]+\/[^/]+|[^/@][^/]*)\//.exec(file)?.[1] ?? []),
    );
    expect([...packages].filter((name) => !/^(libsql|@libsql\/[\w-]+|@neon-rs\/load|detect-libc)$/.test(name))).toEqual(
      [],
    );
    expect(packages).toContain("libsql");
  });

  it("asks for nothing that is not in it", () => {
    const asked = ["out/electron/main.cjs", "out/electron/preload.cjs", "out/main/worker.cjs"].flatMap((file) =>
      [...readFileSync(join(root, file), "utf8").matchAll(/\brequire\("([^".][^"]*)"\)/g)].map(([, name = ""]) => name),
    );
    const packages = new Set(asked.filter((name) => !isBuiltin(name)));
    expect([...packages].sort()).toEqual(["electron", "libsql"]);
  });

  it("has outside of the archive what the system loads and the engine maps", () => {
    const unpacked = join(app, "resources/app.asar.unpacked");
    expect(existsSync(join(unpacked, "out/native/hone.node"))).toBe(true);
    expect(existsSync(join(unpacked, "out/main/worker.cjs"))).toBe(true);
    const starter = inside.filter((file) => /^\/main\/starter\/.+\.(gguf|jsonl)$/.test(file));
    for (const file of starter) expect(existsSync(join(unpacked, file))).toBe(true);
    expect(inside.filter((file) => file.endsWith(".node")).every((file) => existsSync(join(unpacked, file)))).toBe(
      true,
    );
  });

  it("has its fuses set: no Node from the outside, nothing but its own archive", async () => {
    const wire = await getCurrentFuseWire(join(app, "hone"));
    const on = (fuse: number) => String.fromCharCode((wire as unknown as Record<number, number>)[fuse] ?? 0) === "1";
    // In the order of @electron/fuses: RunAsNode, CookieEncryption, NodeOptions, NodeCliInspect, AsarIntegrity, OnlyAsar, V8Snapshot, FileProtocol.
    expect([0, 1, 2, 3, 4, 5, 6, 7].map(on)).toEqual([false, true, false, false, true, true, false, false]);
  });
});
