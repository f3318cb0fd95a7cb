import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { AdapterLibrary } from "@main/adapters/library";
import type { StoredAdapter } from "@main/adapters/store";
import type { DatasetLibrary } from "@main/datasets/library";
import type { EngineClient } from "@main/engine/client";
import type { ModelLibrary } from "@main/models/library";
import { modelRef } from "@main/models/model-ref";
import { browserOffer } from "@main/phone/browser-offer";
import { Cable } from "@main/phone/cable";
import { type MakeFile, phoneFileName } from "@main/phone/files";
import { findProbe, greedy } from "@main/phone/probe";
import { Share, type ShareSubject } from "@main/phone/share";
import type { Playground } from "@main/playground/playground";
import type { SettingsStore } from "@main/settings/settings";
import { HoneError } from "@shared/errors";
import type { HoneContract } from "@shared/ipc/contract";
import type { Emit } from "@shared/ipc/define";
import { defaultSampling } from "@shared/models/chat";
import type { ModelInfo } from "@shared/models/model";
import type {
  AdbState,
  PhoneAppOffer,
  PhoneChat,
  PhoneChatLine,
  PhoneFileKind,
  PhoneShare,
} from "@shared/models/phone";

export interface SharingOptions {
  readonly engine: EngineClient;
  readonly adapters: AdapterLibrary;
  readonly models: ModelLibrary;
  readonly datasets: DatasetLibrary;
  readonly settings: SettingsStore;
  readonly playground: Playground;
  /** Where files for phones are made; emptied when a share ends. */
  readonly folder: string;
  /** Of the built page. */
  readonly pages: string;
  readonly emit: Emit<HoneContract>;
}

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
    const { folder, pages, emit, adapters } = this.options;
    await this.#end();
    const adapter = await adapters.present(adapterId);
    const { subject, info } = await this.#subject(adapter);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const model = modelRef(info, this.options.settings.get());
    this.#share = await Share.open({
      subject,
      pages,
      make: this.#makeFile(adapter, info, subject),
      findProbe: (signal) => findProbe({ ...this.options, model, adapter }, signal),
      chat: (chat, tell, gone) => this.#chat(adapter, chat, tell, gone),
      onChanged: (share) => emit("phone", "changed", share),
    });
    return this.#share.tell();
  }

  async #subject(adapter: StoredAdapter): Promise<{ subject: ShareSubject; info: ModelInfo }> {
    const { models } = this.options;
    if (adapter.modelId === null) {
      throw new HoneError(
        "adapter.base",
        `The base of "${adapter.name}" is not known.`,
        "Import the adapter again for its model.",
      );
    }
    const { info } = await models.present(adapter.modelId);
    const sha256 = await models.digest(adapter.modelId);
    if (adapter.baseDigest !== sha256) {
      throw new HoneError(
        "adapter.base",
        `The model file "${info.path}" is not the one that "${adapter.name}" was made for.`,
        "Put the earlier file back; an adapter works with its own base only.",
      );
    }
    return {
      info,
      subject: {
        adapter,
        base: { name: info.name, bytes: info.fileBytes, sha256 },
        apps: { android: noMerge, iphone: noMerge },
        browser: browserOffer(info),
      },
    };
  }

  #makeFile(adapter: StoredAdapter, info: ModelInfo, { base }: ShareSubject): MakeFile {
    const { engine, folder } = this.options;
    return async (kind) => {
      if (kind === "base") return { path: info.path, name: phoneFileName(info.name, "base"), sha256: base.sha256 };
      if (kind !== "adapter") throw new HoneError("phone.file", noMerge.whyNot, "");
      const path = join(folder, "adapter.gguf");
      await engine.adapters.convert({ source: adapter.path, target: path, type: "f16", metadata: {} });
      return { path, name: phoneFileName(adapter.name, "lora-f16") };
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
    const end = await this.options.playground.answer(request, (text) => tell({ text }), gone);
    const { reason, tokens, tokensPerSecond, provenance, error } = end;
    tell({
      end: {
        reason,
        tokens,
        tokensPerSecond,
        withAdapter: provenance ? provenance.adapters.some(({ strength }) => strength !== 0) : null,
        modelName: provenance?.modelName ?? null,
        error: error && { code: error.code, message: "The computer could not answer.", hint: error.hint },
      },
    });
  }
}

const noMerge: PhoneAppOffer = {
  holds: "",
  bytes: 0,
  phoneGb: null,
  warnings: [],
  whyNot: "No merged file can be made.",
};
