import { mkdirSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import type { ServedFile } from "@main/phone/send-file";
import { Share, type ShareOptions, type ShareSubject } from "@main/phone/share";
import type { PhoneShare } from "@shared/models/phone";
import { onTestFinished } from "vitest";
import { tempFolder } from "../../support/temp-folder";

export const androidAgent =
  "Mozilla/5.0 (Linux; Android 14; Pixel 7) AppleWebKit/537.36 Chrome/153.0 Mobile Safari/537.36";

export const subject: ShareSubject = {
  adapter: {
    id: "a1",
    name: "Wake me",
    path: "/home/ada/secret/adapter.gguf",
    digest: "a".repeat(64),
    bytes: 1000,
    rank: 8,
    alpha: 16,
    architecture: "llama",
    origin: "trained",
    modelId: "m1",
    baseDigest: "b".repeat(64),
    runId: null,
    datasetId: null,
    datasetDigest: null,
    recipe: null,
    passport: null,
    finalTrainLoss: null,
    finalValidationLoss: null,
    checkpointStep: null,
    scoreBy: "exact",
    effect: null,
    scoreBefore: null,
    scoreAfter: { rows: 10, exactMatch: 0.9, contains: 0.9, jsonEqual: null, loss: 0.1 },
    createdAt: "2026-11-25T00:00:00.000Z",
  },
  base: { name: "Tiny", bytes: 2000, sha256: "b".repeat(64) },
  apps: {
    android: { holds: "Q4_0 merged", bytes: 2000, phoneGb: 3, whyNot: "", warnings: [] },
    iphone: { holds: "", bytes: 0, phoneGb: null, whyNot: "No.", warnings: [] },
  },
  browser: { bytes: 2000, whyNot: { android: "", iphone: "" } },
};

export interface SharedHere {
  readonly share: Share;
  /** On this computer, with the token: "http://127.0.0.1:40123/TOKEN/". */
  readonly url: string;
  readonly folder: string;
  readonly content: Buffer;
  readonly file: () => ServedFile;
  readonly told: readonly PhoneShare[];
}

/** A share over a folder of its own, with one page and one file of `bytes` that differ everywhere. */
export async function shareHere(options: Partial<ShareOptions> & { bytes?: number } = {}): Promise<SharedHere> {
  const folder = await tempFolder();
  const pages = join(folder, "pages");
  mkdirSync(pages);
  writeFileSync(join(pages, "index.html"), "<!doctype html><title>phone</title>");
  writeFileSync(join(folder, "secret.txt"), "not for phones");
  const content = Buffer.alloc(options.bytes ?? 3_000_000);
  for (let at = 0; at + 4 <= content.length; at += 4) content.writeUInt32LE(Math.imul(at, 2_654_435_761) >>> 0, at);
  const path = join(folder, "merged.gguf");
  writeFileSync(path, content);
  const told: PhoneShare[] = [];
  const share = await Share.open({
    subject,
    pages,
    make: async (kind) => ({ path, name: `wake-me.${kind}.gguf`, proof: null }),
    findProbe: async () => ({ prompt: "Wake me.", expected: "{", base: "Good morning", tuned: "{}" }),
    chat: async (_, tell) => {
      tell({ text: "hel" });
      tell({ text: "lo" });
    },
    onChanged: (state) => told.push(state),
    addresses: () => [{ address: "127.0.0.1", network: "lo" }],
    ...options,
  });
  onTestFinished(() => share.end("closed"));
  return {
    share,
    url: share.tell().chosen.url,
    folder,
    content,
    file: () => {
      const found = share.files.ready("android");
      if (!found) throw new Error("the file is not ready");
      return found;
    },
    told,
  };
}

/** The ready file's address. */
export async function readyFile({ share, url }: SharedHere): Promise<string> {
  const file = await share.files.wait("android");
  if (!file) throw new Error(JSON.stringify(share.files.list()));
  return `${url}files/${file.name}`;
}

export const asPhone = (more: Record<string, string> = {}) => ({ headers: { "User-Agent": androidAgent, ...more } });

/** Bytes as they come over a socket of one's own; nothing tidies the path up. `enough` may cut the connection. */
export function rawRequest(
  port: number,
  lines: readonly string[],
  enough: (got: Buffer) => boolean = () => false,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(`${lines.join("\r\n")}\r\n\r\n`));
    let got = Buffer.alloc(0);
    socket.on("data", (piece) => {
      got = Buffer.concat([got, piece]);
      if (enough(got)) socket.destroy();
    });
    socket.on("close", () => resolve(got));
    socket.on("error", reject);
  });
}
