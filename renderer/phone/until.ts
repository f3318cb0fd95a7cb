import { askFacts } from "@renderer/phone/api";
import type { Wanted } from "@renderer/phone/download";
import type { Facts } from "@renderer/phone/use-facts";
import { fromErrorData, HoneError } from "@shared/errors";
import type { PhoneFileKind } from "@shared/models/phone";

const pollMs = 500;

/** Waits until the computer has made a file. Throws why it could not. */
export async function until(kind: PhoneFileKind, set: Facts["set"], signal: AbortSignal): Promise<Wanted> {
  for (;;) {
    signal.throwIfAborted();
    const facts = await askFacts();
    set(facts);
    const file = facts.files.find((one) => one.kind === kind);
    if (file?.state === "ready" && file.name !== null && file.bytes !== null && file.sha256 !== null)
      return { name: file.name, bytes: file.bytes, sha256: file.sha256 };
    if (!file || file.state === "failed") {
      throw file?.error
        ? fromErrorData(file.error)
        : new HoneError("phone.file", "The file is not there.", "Try again.");
    }
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}
