import { z } from "zod";

/** Files that can go to a phone. `android` and `iphone` are base and adapter merged into one, which is what phone apps load. */
const phoneFileKinds = ["android", "iphone", "adapter", "base"] as const;
export const phoneFileKindSchema = z.enum(phoneFileKinds);
export type PhoneFileKind = z.infer<typeof phoneFileKindSchema>;

/** One file on its way to being served. `progress` is 0 to 1, null while the amount of work is not known. */
export interface PhoneFile {
  readonly kind: PhoneFileKind;
  readonly state: "preparing" | "ready" | "failed";
  readonly progress: number | null;
  readonly remainingSeconds: number | null;
  /** Known once the file is ready. */
  readonly name: string | null;
  readonly bytes: number | null;
  /** SHA-256, hex. */
  readonly sha256: string | null;
  /** A question that this very file was asked, and how it began its answer; null where nothing is known to prove the adapter. */
  readonly proof: Pick<PhoneProbe, "prompt" | "expected"> | null;
  readonly error: { readonly code: string; readonly message: string; readonly hint: string } | null;
}

/** A question that base and tuned model answer differently, and how the tuned answer begins. */
export interface PhoneProbe {
  readonly prompt: string;
  readonly expected: string;
  readonly base: string;
  readonly tuned: string;
}

/** What one phone has fetched of one file. */
export interface PhoneTransfer {
  readonly phone: string;
  readonly kind: PhoneFileKind;
  readonly name: string;
  /** Different bytes that left this computer; a piece that was sent twice counts once. */
  readonly sentBytes: number;
  readonly totalBytes: number;
  readonly bytesPerSecond: number;
  readonly seconds: number;
  /** `broken`: the connection dropped before the end, and may be taken up again. */
  readonly state: "running" | "broken" | "sent" | "verified";
}

export interface PhoneVisitor {
  /** "Android phone 192.168.1.7" */
  readonly phone: string;
  readonly seenAt: string;
  readonly answers: number;
  /** Whether the person saw the adapter at work on the phone; null until they said. */
  readonly probed: boolean | null;
  /** Ran the model in its own browser. */
  readonly ranInBrowser: boolean;
}

export interface PhoneAddress {
  /** Numeric, as a phone reaches it. */
  readonly address: string;
  /** What the system calls the network card. */
  readonly network: string;
  readonly url: string;
}

export interface AdbPush {
  readonly serial: string;
  readonly kind: PhoneFileKind;
  readonly state: "preparing" | "pushing" | "verified" | "failed";
  readonly progress: number | null;
  /** Where the file lies on the phone. */
  readonly path: string | null;
  readonly error: { readonly code: string; readonly message: string; readonly hint: string } | null;
}

/** Phones on a cable, if Android's own tool is on this computer. */
export interface AdbState {
  readonly found: boolean;
  readonly devices: readonly { readonly serial: string; readonly model: string; readonly authorised: boolean }[];
  readonly push: AdbPush | null;
}

/** Everything the sheet shows. */
export interface PhoneShare {
  readonly id: string;
  readonly adapterId: string;
  readonly adapterName: string;
  /** Best guess first; at least one. */
  readonly addresses: readonly PhoneAddress[];
  /** The one in the code. */
  readonly chosen: PhoneAddress;
  readonly onNetwork: boolean;
  /** When it ends by itself unless a phone does something before. */
  readonly endsAt: string;
  readonly visitors: readonly PhoneVisitor[];
  readonly apps: Readonly<Record<PhoneSystem, PhoneAppOffer>>;
  readonly files: readonly PhoneFile[];
  readonly transfers: readonly PhoneTransfer[];
  readonly probe: PhoneProbe | null;
  readonly ended: "closed" | "idle" | "window-gone" | null;
}

export type PhoneSystem = "android" | "iphone";

/** What the page on the phone asks for first. Holds no path. */
export interface PhonePageFacts {
  readonly name: string;
  readonly base: { readonly name: string; readonly bytes: number; readonly sha256: string };
  readonly adapter: { readonly bytes: number; readonly sha256: string };
  readonly score: { readonly before: number | null; readonly after: number; readonly rows: number } | null;
  readonly probe: PhoneProbe | null;
  readonly probeState: "looking" | "found" | "none";
  readonly files: readonly PhoneFile[];
  readonly transfers: readonly PhoneTransfer[];
  /** The merged file for apps on each system, or why there is none. */
  readonly apps: Readonly<Record<PhoneSystem, PhoneAppOffer>>;
  readonly browser: PhoneBrowserOffer;
}

export interface PhoneAppOffer {
  /** "Q4_0 merged" */
  readonly holds: string;
  /** About how many bytes the file has before it is made. */
  readonly bytes: number;
  /** Memory of the smallest phone that runs it, in GB; null when none does. */
  readonly phoneGb: number | null;
  /** "" when there is a file; else in words why there is none, and what to do instead. */
  readonly whyNot: string;
  /** What the person should know before, in words. */
  readonly warnings: readonly string[];
}

export interface PhoneBrowserOffer {
  readonly bytes: number;
  /** In words why the base does not fit into a browser tab of each system; "" when it does. */
  readonly whyNot: Readonly<Record<PhoneSystem, string>>;
}

/** What the page tells about itself. */
export const phoneEventSchema = z.discriminatedUnion("event", [
  z.object({ event: z.literal("opened") }),
  z.object({ event: z.literal("verified"), kind: phoneFileKindSchema, sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
  z.object({ event: z.literal("probed"), works: z.boolean() }),
  z.object({ event: z.literal("ran-in-browser") }),
]);
export type PhoneEvent = z.infer<typeof phoneEventSchema>;

/** One question from the phone; the computer answers with adapter or without. */
export const phoneChatSchema = z.object({
  messages: z
    .array(z.object({ role: z.enum(["user", "assistant"]), content: z.string().min(1).max(16_000) }))
    .min(1)
    .max(64),
  tuned: z.boolean(),
  /** Always the likeliest token: for the probe. */
  greedy: z.boolean(),
});
export type PhoneChat = z.infer<typeof phoneChatSchema>;

/** A line of the answer. The last line is the one with `end`. */
export type PhoneChatLine =
  | { readonly text: string }
  | {
      readonly end: {
        readonly reason: string;
        readonly tokens: number;
        readonly tokensPerSecond: number;
        /** As the engine reports it; null when the answer failed. */
        readonly withAdapter: boolean | null;
        readonly modelName: string | null;
        readonly error: { readonly code: string; readonly message: string; readonly hint: string } | null;
      };
    };
