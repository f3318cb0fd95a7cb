import { hasWideRows, mergedTypeOf, needsWideRows, profiles, quantName } from "@main/exports/profiles";
import type { ExportGate, ExportGateId, ExportWish } from "@shared/models/export";
import { type MergeType, ternaryMergeTypes } from "@shared/models/merge";
import type { ModelInfo } from "@shared/models/model";
import { browserLimits, phoneBytes, smallestPhoneGb } from "@shared/models/phone-memory";

/** What the gates look at before anything is written. */
export interface GateFacts {
  readonly wish: ExportWish;
  readonly info: ModelInfo;
  /** Digests of the base: as the adapter knows it, and of the file that is there. */
  readonly base: { readonly expected: string | null; readonly found: string };
  /** Weights that the phone would load. */
  readonly weightBytes: number;
  /** Bytes to write, and what the disk has; null while no folder is chosen. */
  readonly disk: { readonly needed: number; readonly free: number } | null;
}

const gate = (id: ExportGateId, state: ExportGate["state"], text: string, hint = "", passable = false): ExportGate => ({
  id,
  state,
  text,
  hint,
  passable,
});

/** Every gate that concerns this export, in the order of the specification. */
export function gatesOf(facts: GateFacts): ExportGate[] {
  const type = mergedTypeOf(facts.wish, facts.info);
  return [
    ...(type ? [mergeTypeGate(type)] : []),
    activationGate(facts),
    ...(type && !isTernary(type) ? [shapeGate(type, facts.info)] : []),
    ...memoryGate(facts),
    baseGate(facts),
    ...diskGate(facts),
    gate(
      "agreement",
      "later",
      "The written files are compared with the adapter in memory on tokens that were not learned.",
    ),
    gate("reload", "later", "The written files are loaded again and answer the probe prompts."),
  ];
}

export const isBlocked = (gates: readonly ExportGate[]) => gates.some(({ state }) => state === "block");

export function isTernary(type: MergeType): boolean {
  return (ternaryMergeTypes as readonly string[]).includes(type);
}

function mergeTypeGate(type: MergeType): ExportGate {
  if (!isTernary(type)) return gate("merge-type", "pass", `${quantName(type)} can hold base and adapter together.`);
  return gate(
    "merge-type",
    "block",
    `A merged model in ${quantName(type)} is destroyed: three values per weight cannot hold what the adapter adds, and the answers are wrong from the first token.`,
    "Keep base and adapter as two files (the profile “Base and adapter”), or merge into Q8_0 or Q4_0.",
  );
}

function activationGate({ wish, info }: GateFacts): ExportGate {
  const { runtime } = profiles[wish.profile];
  const { kind } = info.activation;
  if (kind !== "relu2")
    return gate("activation", "pass", `The base uses ${kind}, as runtimes built on llama.cpp compute it.`);
  if (runtime === "python")
    return gate("activation", "pass", "The base uses squared ReLU, which its original checkpoint computes right.");
  const why =
    "The base was trained with squared ReLU, but llama.cpp and everything built on it compute this architecture with SiLU, whatever the file says. Its answers are wrong there, with the adapter and without.";
  if (runtime === "either")
    return gate(
      "activation",
      "warn",
      `${why} In Hone the adapter works.`,
      "Use it in Hone, or in a runtime that knows squared ReLU.",
    );
  return gate(
    "activation",
    wish.pass?.includes("activation") ? "warn" : "block",
    why,
    "Chat with it through the computer instead, or pass this gate if your runtime knows squared ReLU.",
    true,
  );
}

function shapeGate(type: MergeType, info: ModelInfo): ExportGate {
  const widths = `${info.embeddingLength} and ${info.feedForwardLength}`;
  if (!needsWideRows(type) || hasWideRows(info))
    return gate("shapes", "pass", `Rows of ${widths} numbers are whole blocks of ${quantName(type)}.`);
  return gate(
    "shapes",
    "warn",
    `Rows of ${widths} numbers are not whole blocks of 256; the matrices concerned take a type with blocks of 32.`,
    "Q8_0 or Q4_0 has blocks of 32 throughout.",
  );
}

function memoryGate({ wish, info, weightBytes }: GateFacts): ExportGate[] {
  if (!profiles[wish.profile].phone && wish.phoneGb === undefined) return [];
  if (wish.profile === "page") return [browserGate(weightBytes, wish)];
  const needed = phoneBytes(info, weightBytes);
  const smallest = smallestPhoneGb(needed);
  const amount = `${(needed / 1e9).toFixed(2)} GB`;
  if (smallest !== null && (wish.phoneGb === undefined || smallest <= wish.phoneGb))
    return [
      gate("memory", "pass", `An app needs about ${amount}: enough on a phone with ${smallest} GB of memory or more.`),
    ];
  const text =
    smallest === null
      ? `An app needs about ${amount}, more than any phone gives one.`
      : `An app needs about ${amount}; a phone with ${wish.phoneGb} GB gives it less, one with ${smallest} GB is the smallest that does.`;
  return [
    gate(
      "memory",
      wish.pass?.includes("memory") ? "warn" : "block",
      text,
      "Choose a smaller type or a smaller base, or chat with it through the computer.",
      true,
    ),
  ];
}

function browserGate(weightBytes: number, wish: ExportWish): ExportGate {
  const amount = `${(weightBytes / 1e9).toFixed(2)} GB`;
  if (weightBytes <= browserLimits.iphone)
    return gate("memory", "pass", `Its ${amount} of weights fit into a tab of a phone's browser.`);
  if (weightBytes <= browserLimits.android)
    return gate(
      "memory",
      "warn",
      `Its ${amount} of weights fit into a tab on Android; an iPhone ends a tab with more than about ${browserLimits.iphone / 1e9} GB, without a word.`,
      "For iPhones, merge a smaller base for an app.",
    );
  return gate(
    "memory",
    wish.pass?.includes("memory") ? "warn" : "block",
    `Its ${amount} of weights are more than a tab of a phone's browser holds (about ${browserLimits.android / 1e9} GB on Android).`,
    "Choose a smaller base, or a merged file for an app.",
    true,
  );
}

function baseGate({ base }: GateFacts): ExportGate {
  if (base.expected === base.found)
    return gate("base", "pass", `The base is the file that the adapter was made for (${base.found.slice(0, 8)}).`);
  return gate(
    "base",
    "block",
    `The base on this computer (${base.found.slice(0, 8)}) is not the one the adapter was made for (${base.expected?.slice(0, 8) ?? "not known"}).`,
    "Put the earlier file back; an adapter works with its own base only.",
  );
}

function diskGate({ disk }: GateFacts): ExportGate[] {
  if (!disk) return [];
  const [needed, free] = [disk.needed, disk.free].map((bytes) => `${(bytes / 1e6).toFixed(0)} MB`);
  return disk.needed <= disk.free
    ? [gate("disk", "pass", `The export takes ${needed}; the disk has ${free} free.`)]
    : [
        gate(
          "disk",
          "block",
          `The export takes ${needed}, but the disk has ${free} free.`,
          "Free some space, or choose a folder on another disk.",
        ),
      ];
}
