import { execFile, spawn } from "node:child_process";
import { access, constants } from "node:fs/promises";
import { delimiter, isAbsolute, join } from "node:path";
import { promisify } from "node:util";
import type { ServedFile } from "@main/phone/send-file";
import { HoneError } from "@shared/errors";
import type { AdbState } from "@shared/models/phone";

const run = promisify(execFile);
const downloads = "/sdcard/Download";
const answerMs = 10_000;

/** Android's own tool, where the person has it on PATH; never bundled. Its path, or null. */
export async function findAdb(
  environment: NodeJS.ProcessEnv = process.env,
  platform = process.platform,
): Promise<string | null> {
  const name = platform === "win32" ? "adb.exe" : "adb";
  // Relative entries of PATH would find whatever lies in the current folder.
  for (const folder of (environment.PATH ?? "").split(delimiter).filter(isAbsolute)) {
    const path = join(folder, name);
    const found = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return path;
  }
  return null;
}

/** The phones on a cable or paired over Wi-Fi. A phone that has not yet agreed to this computer is listed as not authorised. */
export async function adbDevices(adb: string): Promise<AdbState["devices"]> {
  const { stdout } = await run(adb, ["devices", "-l"], { timeout: answerMs });
  return stdout.split(/\r?\n/).flatMap((line) => {
    const [, serial, state] = /^(\S+)\s+(device|unauthorized)\b/.exec(line) ?? [];
    if (!serial || !state) return [];
    const model = /\bmodel:(\S+)/.exec(line)?.[1]?.replaceAll("_", " ") ?? "Android phone";
    return [{ serial, model, authorised: state === "device" }];
  });
}

/** Copies the file into the phone's downloads and has the phone compute its digest. Gives the path on the phone. */
export async function adbPush(
  adb: string,
  serial: string,
  file: ServedFile,
  onProgress: (share: number) => void,
  signal: AbortSignal,
): Promise<string> {
  const target = `${downloads}/${file.name}`;
  await push(adb, ["-s", serial, "push", "-p", file.path, target], onProgress, signal);
  const { stdout } = await run(adb, ["-s", serial, "shell", `sha256sum '${target}'`], { timeout: 600_000, signal });
  const found = /^[0-9a-f]{64}/.exec(stdout)?.[0];
  if (found !== file.sha256) {
    throw new HoneError(
      "phone.adb",
      `The file on the phone is not the one that was sent (${found?.slice(0, 8) ?? "no digest"} in place of ${file.sha256.slice(0, 8)}).`,
      "Check the cable and the phone's free space, and send it again.",
    );
  }
  return target;
}

function push(
  adb: string,
  args: readonly string[],
  onProgress: (share: number) => void,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(adb, args, { stdio: ["ignore", "pipe", "pipe"], signal });
    let said = "";
    const read = (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-2_000);
      const percent = [...chunk.toString().matchAll(/\[\s*(\d{1,3})%\]/g)].at(-1)?.[1];
      if (percent !== undefined) onProgress(Math.min(1, Number(percent) / 100));
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.on("error", (error) => reject(adbError(error.message)));
    child.on("close", (code) => (code === 0 ? resolve() : reject(adbError(lastLine(said)))));
  });
}

function lastLine(text: string): string {
  return (
    text
      .trim()
      .split(/[\r\n]+/)
      .at(-1) ?? ""
  );
}

function adbError(said: string): HoneError {
  return new HoneError(
    "phone.adb",
    `adb could not copy the file: ${said || "it gave no reason"}`,
    "Check the cable, that USB debugging is on and that the phone has agreed to this computer.",
  );
}
