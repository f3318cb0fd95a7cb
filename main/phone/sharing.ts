import { mkdir, rm } from "node:fs/promises";
import type { AdapterLibrary } from "@main/adapters/library";
import type { StoredAdapter } from "@main/adapters/store";
import type { DatasetLibrary } from "@main/datasets/library";
import type { EngineClient } from "@main/engine/client";
import { baseOf } from "@main/exports/base";
import type { AdapterExport } from "@main/exports/export-adapter";
import type { ModelLibrary } from "@main/models/library";
import { modelRef } from "@main/models/model-ref";
import { browserOffer } from "@main/phone/browser-offer";
import { Cable } from "@main/phone/cable";
import { appOffers, exportForPhone } from "@main/phone/exported-file";
import { type MakeFile, phoneFileName } from "@main/phone/files";
import { findProbe, greedy } from "@main/phone/probe";
import { Share, type ShareTimes } from "@main/phone/share";
import type { Playground } from "@main/playground/playground";
import type { SettingsStore } from "@main/settings/settings";
import { HoneError, toErrorData } from "@shared/errors";
import type { HoneContract } from "@shared/ipc/contract";
import type { Emit } from "@shared/ipc/define";
import { defaultSampling } from "@shared/models/chat";
import type { AdbState, PhoneChat, PhoneChatLine, PhoneFileKind, PhoneProbe, PhoneShare } from "@shared/models/phone";

export interface SharingOptions {
  readonly engine: EngineClient;
  readonly adapters: AdapterLibrary;
  readonly models: ModelLibrary;
  readonly datasets: DatasetLibrary;
  readonly settings: SettingsStore;
  readonly playground: Playground;
  /** One of its own: its progress is the sheet's, not that of the window's exports. */
  readonly exports: AdapterExport;
  /** Where files for phones are made; emptied when a share ends. */
  readonly folder: string;
  /** Of the built page. */
  readonly pages: string;
  readonly times?: Partial<ShareTimes>;
  readonly emit: Emit<HoneContract>;
}

type Base = Awaited<ReturnType<typeof baseOf>>;

/** "Send to phone": at most one adapter is shared, and only while the window shows its sheet. */
export class Sharing {
  readonly cable: Cable;
  #share: Share | undefined;
  /** Opening and closing wait for one another. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: SharingOptions) {
    this.cable = new Cable((state) => options.emit("phone", "adbChanged", state));
  }

  /** What was shared before ends. */
  open(adapterId: string): Promise<PhoneShare> {
    return this.#inTurn(() => this.#open(adapterId));
  }

  stay(id: string): PhoneShare | null {
    if (!this.#share || this.#share.ended || this.#share.id !== id) return null;
    this.#share.stay();
    return this.#share.tell();
  }

  choose(address: string): PhoneShare {
    this.#current().choose(address);
    return this.#current().tell();
  }

  renew(): PhoneShare {
    this.#current().renew();
    return this.#current().tell();
  }

  prepare(kind: PhoneFileKind): PhoneShare {
    this.#current().prepare(kind);
    return this.#current().tell();
  }

  push(serial: string, kind: PhoneFileKind): Promise<AdbState> {
    const share = this.#current();
    return this.cable.push(serial, kind, () => share.files.wait(kind));
  }

  /** Ends the share of that id, or whichever there is. */
  close(id?: string): Promise<void> {
    return this.#inTurn(async () => {
      if (id === undefined || id === this.#share?.id) await this.#end();
    });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }

  async #end(): Promise<void> {
    this.cable.stop();
    await this.#share?.end("closed");
    await rm(this.options.folder, { recursive: true, force: true });
  }

  #current(): Share {
    if (this.#share && !this.#share.ended) return this.#share;
    throw new HoneError("phone.closed", "Nothing is shared any more.", "Open the sheet again.");
  }

  async #open(adapterId: string): Promise<PhoneShare> {
    const { engine, datasets, models, settings, exports, folder, pages, times, emit, adapters } = this.options;
    await this.#end();
    const adapter = await adapters.present(adapterId);
    const base = await baseOf(adapter, models);
    const model = modelRef(base.info, settings.get());
    const subject = {
      adapter,
      base: { name: base.info.name, bytes: base.info.fileBytes, sha256: base.digest },
      apps: await appOffers(exports, adapterId),
      browser: browserOffer(base.info),
    };
    await mkdir(folder, { recursive: true, mode: 0o700 });
    let probe: Promise<PhoneProbe | null> = Promise.resolve(null);
    this.#share = await Share.open({
      subject,
      pages,
      ...(times ? { times } : {}),
      make: this.#makeFile(adapter, base, () => probe),
      findProbe: (signal) => {
        probe = findProbe({ engine, datasets, model, adapter }, signal);
        return probe;
      },
      chat: (chat, tell, gone) => this.#chat(adapter, chat, tell, gone),
      onChanged: (share) => {
        emit("phone", "changed", share);
        // Of itself, by idleness or with its window; what was made for it goes as well.
        if (share.ended) void this.close(share.id);
      },
    });
    return this.#share.tell();
  }

  #makeFile(adapter: StoredAdapter, base: Base, probe: () => Promise<PhoneProbe | null>): MakeFile {
    const { exports, folder } = this.options;
    return async (kind, onProgress, signal) => {
      if (kind === "base") {
        const name = phoneFileName(base.info.name, "base");
        return { path: base.info.path, name, sha256: base.digest, proof: null };
      }
      const prompt = (await probe().catch(() => null))?.prompt ?? null;
      return exportForPhone({ exports, adapter, prompt, folder }, kind, {
        signal,
        onProgress: ({ share, remainingSeconds }) => onProgress(share, remainingSeconds),
      });
    };
  }

  async #chat(
    adapter: StoredAdapter,
    { messages, tuned, greedy: likeliest }: PhoneChat,
    tell: (line: PhoneChatLine) => void,
    gone: AbortSignal,
  ): Promise<void> {
    const request = {
      modelId: adapter.modelId ?? "",
      adapters: tuned ? [{ adapterId: adapter.id, strength: 1 }] : [],
      messages: [...messages],
      sampling: likeliest ? greedy : { ...defaultSampling, maxTokens: 512 },
    };
    try {
      const end = await this.options.playground.answer(request, (text) => tell({ text }), gone);
      const { reason, tokens, tokensPerSecond, provenance, error } = end;
      tell({
        end: {
          reason,
          tokens,
          tokensPerSecond,
          withAdapter: provenance ? provenance.adapters.some(({ strength }) => strength !== 0) : null,
          modelName: provenance?.modelName ?? null,
          error: error && { code: error.code, ...noAnswer },
        },
      });
    } catch (error) {
      tell({ end: { ...nothing, error: { code: toErrorData(error).code, ...noAnswer } } });
    }
  }
}

/** The reasons name files of this computer; it shows them itself. */
const noAnswer = { message: "The computer could not answer.", hint: "Hone's window on the computer says why." };
const nothing = { reason: "failed", tokens: 0, tokensPerSecond: 0, withAdapter: null, modelName: null } as const;
