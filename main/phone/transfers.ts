import { Coverage } from "@main/phone/coverage";
import type { ServedFile } from "@main/phone/send-file";
import type { PhoneFileKind, PhoneTransfer } from "@shared/models/phone";

/** Speed is that of the last seconds. */
const windowMs = 3_000;

interface Fetching {
  readonly phone: string;
  readonly kind: PhoneFileKind;
  readonly file: ServedFile;
  readonly sent: Coverage;
  readonly recent: { readonly at: number; readonly bytes: number }[];
  open: number;
  /** Milliseconds in which something was under way, without the open stretch. */
  spentMs: number;
  openSince: number;
  verified: boolean;
}

/** What every phone has fetched of every file; a download that goes on after a drop is the same one. */
export class Transfers {
  readonly #all = new Map<string, Fetching>();

  constructor(private readonly now: () => number = Date.now) {}

  /** A response begins. `sent` is called with the bytes [from, to) as they leave, `end` once. */
  begin(phone: string, kind: PhoneFileKind, file: ServedFile): { sent(from: number, to: number): void; end(): void } {
    const one = this.#of(phone, kind, file);
    if (one.open++ === 0) one.openSince = this.now();
    return {
      sent: (from, to) => {
        one.sent.add(from, to);
        one.recent.push({ at: this.now(), bytes: to - from });
      },
      end: () => {
        if (--one.open === 0) one.spentMs += this.now() - one.openSince;
      },
    };
  }

  /** The phone computed the digest of what it has. Answers whether that is the file. */
  verified(phone: string, kind: PhoneFileKind, file: ServedFile, sha256: string): boolean {
    if (sha256 !== file.sha256) return false;
    this.#of(phone, kind, file).verified = true;
    return true;
  }

  list(phone?: string): PhoneTransfer[] {
    return [...this.#all.values()]
      .filter((one) => phone === undefined || one.phone === phone)
      .map((one) => this.#tell(one));
  }

  #of(phone: string, kind: PhoneFileKind, file: ServedFile): Fetching {
    const key = `${phone} ${file.name}`;
    const found = this.#all.get(key);
    if (found) return found;
    const fresh: Fetching = {
      phone,
      kind,
      file,
      sent: new Coverage(),
      recent: [],
      open: 0,
      spentMs: 0,
      openSince: 0,
      verified: false,
    };
    this.#all.set(key, fresh);
    return fresh;
  }

  #tell(one: Fetching): PhoneTransfer {
    const now = this.now();
    while (one.recent[0] && one.recent[0].at < now - windowMs) one.recent.shift();
    const ms = one.spentMs + (one.open > 0 ? now - one.openSince : 0);
    const first = one.recent[0]?.at ?? now;
    const recentBytes = one.recent.reduce((sum, { bytes }) => sum + bytes, 0);
    const whole = one.sent.bytes >= one.file.bytes;
    return {
      phone: one.phone,
      kind: one.kind,
      name: one.file.name,
      sentBytes: one.sent.bytes,
      totalBytes: one.file.bytes,
      bytesPerSecond: one.open > 0 ? (recentBytes * 1000) / Math.max(250, now - first) : 0,
      seconds: ms / 1000,
      state: one.verified ? "verified" : whole ? "sent" : one.open > 0 ? "running" : "broken",
    };
  }
}
