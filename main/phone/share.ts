import type { StoredAdapter } from "@main/adapters/store";
import { newToken } from "@main/app/token";
import { type LocalAddress, localAddresses } from "@main/phone/addresses";
import { Doorkeeper } from "@main/phone/doorkeeper";
import { type MakeFile, PhoneFiles } from "@main/phone/files";
import { type PhoneRoutes, type PhoneServer, startPhoneServer } from "@main/phone/server";
import { Transfers } from "@main/phone/transfers";
import { newId } from "@main/storage/id";
import { HoneError } from "@shared/errors";
import type {
  PhoneAddress,
  PhoneAppOffer,
  PhoneBrowserOffer,
  PhoneChat,
  PhoneChatLine,
  PhoneEvent,
  PhonePageFacts,
  PhoneProbe,
  PhoneShare,
  PhoneSystem,
  PhoneVisitor,
} from "@shared/models/phone";

/** Everything about the one adapter that is shared, found out before the share opens. */
export interface ShareSubject {
  readonly adapter: StoredAdapter;
  readonly base: { readonly name: string; readonly bytes: number; readonly sha256: string };
  readonly apps: Readonly<Record<PhoneSystem, PhoneAppOffer>>;
  readonly browser: PhoneBrowserOffer;
}

export interface ShareOptions {
  readonly subject: ShareSubject;
  readonly pages: string;
  readonly make: MakeFile;
  readonly findProbe: (signal: AbortSignal) => Promise<PhoneProbe | null>;
  readonly chat: (chat: PhoneChat, tell: (line: PhoneChatLine) => void, gone: AbortSignal) => Promise<void>;
  readonly onChanged: (share: PhoneShare) => void;
  readonly addresses?: () => LocalAddress[];
  readonly times?: Partial<ShareTimes>;
}

export interface ShareTimes {
  /** Without a phone doing anything. */
  readonly idleMs: number;
  /** Without a word of the window that holds the sheet. Browsers let hidden pages speak once a minute. */
  readonly windowMs: number;
}

const usualTimes: ShareTimes = { idleMs: 15 * 60_000, windowMs: 3 * 60_000 };
const loopback: LocalAddress = { address: "127.0.0.1", network: "this computer only" };
/** News to the sheet come no closer together. */
const newsMs = 250;
const mostVisitors = 20;

interface Visitor {
  seenAt: number;
  answers: number;
  probed: boolean | null;
  ranInBrowser: boolean;
}

/** One adapter on offer to the phones around, from the opening of the sheet to its end. */
export class Share implements PhoneRoutes {
  readonly id = newId();
  readonly transfers = new Transfers();
  readonly files: PhoneFiles;
  readonly #door: Doorkeeper;
  readonly #times: ShareTimes;
  readonly #addresses: readonly LocalAddress[];
  readonly #onNetwork: boolean;
  readonly #visitors = new Map<string, Visitor>();
  readonly #looking = new AbortController();
  #chosen: LocalAddress;
  #token: string;
  #server: PhoneServer | undefined;
  #probe: PhoneProbe | null | undefined;
  #ended: PhoneShare["ended"] = null;
  #ending: Promise<void> | undefined;
  #idleEnds = 0;
  #idleTimer: NodeJS.Timeout | undefined;
  #windowTimer: NodeJS.Timeout | undefined;
  #newsTimer: NodeJS.Timeout | undefined;

  private constructor(private readonly options: ShareOptions) {
    this.#token = newToken();
    this.#door = new Doorkeeper(this.#token);
    this.#times = { ...usualTimes, ...options.times };
    const found = (options.addresses ?? localAddresses)();
    this.#onNetwork = found.length > 0;
    this.#addresses = found.length > 0 ? found : [loopback];
    this.#chosen = this.#addresses[0] ?? loopback;
    this.files = new PhoneFiles(options.make, () => this.#changed());
  }

  static async open(options: ShareOptions): Promise<Share> {
    const share = new Share(options);
    share.#server = await startPhoneServer({
      pages: options.pages,
      doorkeeper: share.#door,
      routes: share,
      takes: (address) => address === share.#chosen.address || address.startsWith("127."),
    });
    share.active();
    share.stay();
    void share.#look();
    return share;
  }

  /** The window still shows the sheet. */
  stay(): void {
    if (this.#ended) return;
    clearTimeout(this.#windowTimer);
    this.#windowTimer = setTimeout(() => void this.end("window-gone"), this.#times.windowMs);
    this.#windowTimer.unref();
  }

  active(): void {
    if (this.#ended) return;
    this.#idleEnds = Date.now() + this.#times.idleMs;
    // Bytes come often; the timer looks again when it rings.
    this.#idleTimer ??= this.#watchIdle(this.#times.idleMs);
    this.#changed();
  }

  choose(address: string): void {
    const found = this.#addresses.find((one) => one.address === address);
    if (!found) {
      throw new HoneError(
        "phone.address",
        `This computer has no address "${address}".`,
        "Close the sheet and open it again.",
      );
    }
    this.#chosen = found;
    this.#changed();
  }

  /** A new code; who has the old one only learns that it has ended. */
  renew(): void {
    this.#token = newToken();
    this.#door.renew(this.#token);
    this.active();
    this.#changed();
  }

  /** Resolves when nothing is served or written any more; asked for again, it is the same end. */
  end(why: NonNullable<PhoneShare["ended"]>): Promise<void> {
    this.#ending ??= this.#end(why);
    return this.#ending;
  }

  async #end(why: NonNullable<PhoneShare["ended"]>): Promise<void> {
    this.#ended = why;
    for (const timer of [this.#idleTimer, this.#windowTimer, this.#newsTimer]) clearTimeout(timer);
    this.#looking.abort();
    await this.#server?.close();
    await this.files.close();
    this.options.onChanged(this.tell());
  }

  get ended(): PhoneShare["ended"] {
    return this.#ended;
  }

  tell(): PhoneShare {
    const { adapter, apps } = this.options.subject;
    return {
      id: this.id,
      adapterId: adapter.id,
      adapterName: adapter.name,
      addresses: this.#addresses.map((address) => this.#reachedAt(address)),
      chosen: this.#reachedAt(this.#chosen),
      onNetwork: this.#onNetwork,
      endsAt: new Date(this.#idleEnds).toISOString(),
      visitors: [...this.#visitors].map(
        ([phone, visitor]): PhoneVisitor => ({ phone, ...visitor, seenAt: new Date(visitor.seenAt).toISOString() }),
      ),
      apps,
      files: this.files.list(),
      transfers: this.transfers.list(),
      probe: this.#probe ?? null,
      ended: this.#ended,
    };
  }

  facts(phone: string): PhonePageFacts {
    const { adapter, base, apps, browser } = this.options.subject;
    const { scoreBefore, scoreAfter } = adapter;
    return {
      name: adapter.name,
      base,
      adapter: { bytes: adapter.bytes, sha256: adapter.digest },
      score:
        scoreAfter && scoreAfter.exactMatch !== null
          ? { before: scoreBefore?.exactMatch ?? null, after: scoreAfter.exactMatch, rows: scoreAfter.rows }
          : null,
      probe: this.#probe ?? null,
      probeState: this.#probe ? "found" : this.#probe === null ? "none" : "looking",
      // Errors of files name places on this computer.
      files: this.files.list().map((file) => ({ ...file, error: file.error && { ...file.error, ...notMade } })),
      transfers: this.transfers.list(phone),
      apps,
      browser,
    };
  }

  file(name: string) {
    return this.files.named(name);
  }

  prepare(kind: Parameters<PhoneFiles["prepare"]>[0]): void {
    this.files.prepare(kind);
  }

  event(phone: string, event: PhoneEvent): void {
    const visitor = this.#visitor(phone);
    if (event.event === "probed") visitor.probed = event.works;
    if (event.event === "ran-in-browser") visitor.ranInBrowser = true;
    if (event.event === "verified") {
      const file = this.files.ready(event.kind);
      if (!file || !this.transfers.verified(phone, event.kind, file, event.sha256)) {
        throw new HoneError(
          "phone.digest",
          "What is on the phone is not the file that was sent.",
          "Download it again; the connection may have damaged it.",
        );
      }
    }
    this.#changed();
  }

  async chat(phone: string, chat: PhoneChat, tell: (line: PhoneChatLine) => void, gone: AbortSignal): Promise<void> {
    await this.options.chat(chat, tell, gone);
    this.#visitor(phone).answers += 1;
    this.active();
    this.#changed();
  }

  #reachedAt({ address, network }: LocalAddress): PhoneAddress {
    return { address, network, url: `http://${address}:${this.#server?.port ?? 0}/${this.#token}/` };
  }

  #visitor(phone: string): Visitor {
    const found = this.#visitors.get(phone) ?? { seenAt: 0, answers: 0, probed: null, ranInBrowser: false };
    found.seenAt = Date.now();
    if (this.#visitors.size < mostVisitors) this.#visitors.set(phone, found);
    return found;
  }

  async #look(): Promise<void> {
    this.#probe = await this.options.findProbe(this.#looking.signal).catch(() => null);
    this.#changed();
  }

  #watchIdle(ms: number): NodeJS.Timeout {
    const timer = setTimeout(() => {
      const left = this.#idleEnds - Date.now();
      if (left > 0) this.#idleTimer = this.#watchIdle(left);
      else void this.end("idle");
    }, ms);
    timer.unref();
    return timer;
  }

  /** Told soon; bytes under way are told again until they stop. */
  #changed(): void {
    if (this.#ended) return;
    this.#newsTimer ??= setTimeout(() => {
      this.#newsTimer = undefined;
      if (this.#ended) return;
      this.options.onChanged(this.tell());
      if (this.transfers.list().some(({ state }) => state === "running")) this.#changed();
    }, newsMs);
    this.#newsTimer.unref();
  }
}

const notMade = { message: "The computer could not make this file.", hint: "The sheet on the computer says why." };
