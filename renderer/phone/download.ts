import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { fileUrl, pieces, reach } from "@renderer/phone/api";
import { HoneError, toErrorData } from "@shared/errors";

export interface Wanted {
  readonly name: string;
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
}

/** Pieces are joined at this size: browsers keep large blobs on disk, and small arrays in memory. */
const joinBytes = 16 * 2 ** 20;
const mostDrops = 30;
const waitMs = 700;

/**
 * Fetches a file into a blob. When the connection drops it goes on where it was; what comes out has the right digest, which is
 * computed here because pages over plain HTTP have no `crypto.subtle`. `onDrop` tells of each drop.
 */
export async function download(
  { name, bytes, sha256: digest }: Wanted,
  onProgress: (done: number) => void,
  signal: AbortSignal,
  onDrop: (drops: number) => void = () => undefined,
): Promise<Blob> {
  const hash = sha256.create();
  let joined: Blob[] = [];
  let loose: Uint8Array<ArrayBuffer>[] = [];
  let looseBytes = 0;
  let done = 0;
  let drops = 0;
  while (done < bytes) {
    const before = done;
    try {
      const headers = { Range: `bytes=${done}-`, "If-Range": `"${digest}"` };
      const response = await reach(fileUrl(name), { signal, cache: "no-store", headers });
      // Another file under the name, or a server that cannot go on: from the beginning.
      if (done > 0 && response.status !== 206) throw changed();
      for await (const piece of pieces(response)) {
        const own = new Uint8Array(piece);
        hash.update(own);
        loose.push(own);
        looseBytes += own.length;
        done += own.length;
        if (looseBytes >= joinBytes) {
          joined = [...joined, new Blob(loose)];
          loose = [];
          looseBytes = 0;
        }
        onProgress(done);
      }
      if (done < bytes) throw new TypeError("the connection ended early");
    } catch (error) {
      const { code } = toErrorData(error);
      if (signal.aborted || code === "phone.ended" || code === "phone.digest") throw error;
      drops = done > before ? 1 : drops + 1;
      if (drops > mostDrops) throw error;
      onDrop(drops);
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }
  if (bytesToHex(hash.digest()) !== digest) throw changed();
  return new Blob([...joined, ...loose], { type: "application/octet-stream" });
}

function changed(): HoneError {
  return new HoneError("phone.digest", "What arrived is not the file that was sent.", "Download it again.");
}

/** The digest of a file that the person picks, read in pieces. */
export async function digestOf(file: Blob, onProgress: (done: number) => void, signal: AbortSignal): Promise<string> {
  const hash = sha256.create();
  const step = 4 * 2 ** 20;
  for (let at = 0; at < file.size; at += step) {
    signal.throwIfAborted();
    hash.update(new Uint8Array(await file.slice(at, at + step).arrayBuffer()));
    onProgress(Math.min(file.size, at + step));
  }
  return bytesToHex(hash.digest());
}
