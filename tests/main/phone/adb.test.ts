import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { adbDevices, adbPush, findAdb } from "@main/phone/adb";
import { Cable } from "@main/phone/cable";
import type { ServedFile } from "@main/phone/send-file";
import type { AdbState } from "@shared/models/phone";
import { describe, expect, it, onTestFinished } from "vitest";
import { eventually } from "../../support/studio";
import { tempFolder } from "../../support/temp-folder";

/** A stand-in for adb: two phones, pushes that tell their progress, a digest of what really lies on the "phone". */
async function fakeAdb({
  damage = false,
  refuse = false,
} = {}): Promise<{ folder: string; adb: string; phone: string }> {
  const folder = await tempFolder();
  const phone = join(folder, "phone");
  mkdirSync(phone);
  const adb = join(folder, "adb");
  writeFileSync(
    adb,
    `#!/bin/sh
case "$1" in
devices) printf 'List of devices attached\\nR5CT10XYZ              device usb:1-2 product:panther model:Pixel_7 device:panther\\nABC                    unauthorized usb:1-3\\nXYZ                    offline\\n' ;;
-s)
  case "$3" in
  push)
    ${refuse ? "echo 'adb: error: failed to copy: No space left on device' >&2; exit 1" : ""}
    printf '[  5%%] %s\\r[ 60%%] %s\\r' "$6" "$6"
    cp "$5" "${phone}/$(basename "$6")"
    ${damage ? `printf x >> "${phone}/$(basename "$6")"` : ""}
    echo "1 file pushed" ;;
  shell) cd "${phone}" && eval "$(printf '%s' "$4" | sed "s#/sdcard/Download/#${phone}/#")" ;;
  esac ;;
esac
`,
  );
  chmodSync(adb, 0o755);
  return { folder, adb, phone };
}

async function file(): Promise<ServedFile> {
  const path = join(await tempFolder(), "merged.gguf");
  writeFileSync(path, "GGUF and more");
  const sha256 = createHash("sha256").update(readFileSync(path)).digest("hex");
  return { path, name: "wake-me.q4_0.gguf", bytes: 13, modifiedMs: 0, sha256 };
}

const never = new AbortController().signal;

describe.runIf(process.platform !== "win32")("a phone on a cable", () => {
  it("is reached by adb where it lies on PATH, and only from whole paths", async () => {
    const { folder, adb } = await fakeAdb();
    expect(await findAdb({ PATH: ["", ".", "/nowhere", folder].join(delimiter) })).toBe(adb);
    expect(await findAdb({ PATH: ".:/nowhere" })).toBeNull();
    expect(await findAdb({})).toBeNull();
    chmodSync(adb, 0o644);
    expect(await findAdb({ PATH: folder })).toBeNull();
  });

  it("is listed by its model, and as not authorised until it agreed", async () => {
    const { adb } = await fakeAdb();
    expect(await adbDevices(adb)).toEqual([
      { serial: "R5CT10XYZ", model: "Pixel 7", authorised: true },
      { serial: "ABC", model: "Android phone", authorised: false },
    ]);
  });

  it("gets the file into its downloads, and its own digest of it is compared", async () => {
    const { adb, phone } = await fakeAdb();
    const sent = await file();
    const shares: number[] = [];
    expect(await adbPush(adb, "R5CT10XYZ", sent, (share) => shares.push(share), never)).toBe(
      "/sdcard/Download/wake-me.q4_0.gguf",
    );
    expect(readFileSync(join(phone, sent.name), "utf8")).toBe("GGUF and more");
    expect(shares.at(-1)).toBe(0.6);
  });

  it("is not called done when the file there differs, or adb refuses", async () => {
    const damaging = await fakeAdb({ damage: true });
    await expect(adbPush(damaging.adb, "R5CT10XYZ", await file(), () => undefined, never)).rejects.toThrow(
      /not the one that was sent/,
    );
    const refusing = await fakeAdb({ refuse: true });
    await expect(adbPush(refusing.adb, "R5CT10XYZ", await file(), () => undefined, never)).rejects.toThrow(
      /No space left on device/,
    );
  });

  it("shows in the sheet how the copy goes on", async () => {
    const { folder } = await fakeAdb();
    const before = process.env.PATH;
    process.env.PATH = `${folder}${delimiter}${before}`;
    onTestFinished(() => {
      process.env.PATH = before;
    });
    const told: AdbState[] = [];
    const cable = new Cable((state) => told.push(state));
    expect(await cable.look()).toMatchObject({ found: true, push: null });
    await expect(cable.push("ABC", "android", file)).rejects.toThrow(/agreed/);
    await expect(cable.push("--help", "android", file)).rejects.toThrow(/agreed/);
    await cable.push("R5CT10XYZ", "android", file);
    await eventually(
      () => told.at(-1)?.push?.state,
      (state) => state === "verified",
    );
    expect(told.map(({ push }) => push?.state)).toContain("pushing");
    expect(told.at(-1)?.push).toMatchObject({ path: "/sdcard/Download/wake-me.q4_0.gguf", error: null });
    await cable.push("R5CT10XYZ", "android", async () => undefined);
    await eventually(
      () => told.at(-1)?.push?.state,
      (state) => state === "failed",
    );
  });
});
