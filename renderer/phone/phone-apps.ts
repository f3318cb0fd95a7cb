import type { PhoneFileKind, PhoneSystem } from "@shared/models/phone";

export interface PhoneApp {
  readonly id: string;
  readonly name: string;
  readonly note: string;
  readonly systems: readonly PhoneSystem[];
  /** Which file it loads; the adapter alone only where an app takes it beside the base. */
  readonly loads: "merged" | "adapter";
  /** What to do once the file is on the phone. */
  readonly taps: readonly string[];
  readonly warning?: string;
}

/** Apps that load a GGUF file, and the taps that they need in the versions of November 2026. */
export const phoneApps: readonly PhoneApp[] = [
  {
    id: "pocketpal",
    name: "PocketPal AI",
    note: "easy, on both systems",
    systems: ["android", "iphone"],
    loads: "merged",
    taps: [
      "Open PocketPal and go to Models.",
      "Tap +, then “Add local model”, and choose the file in Downloads.",
      "Tap Load, then open the chat.",
    ],
    warning: "PocketPal copies the file. Delete the one in Downloads afterwards, or it takes the space twice.",
  },
  {
    id: "chatterui",
    name: "ChatterUI",
    note: "reads the file where it is",
    systems: ["android"],
    loads: "merged",
    taps: [
      "Open ChatterUI in Local mode and go to Models.",
      "Tap “Use External Model” and choose the file in Downloads.",
      "Tap the model to load it, then open a chat.",
    ],
  },
  {
    id: "maid",
    name: "Maid",
    note: "simple chats",
    systems: ["android"],
    loads: "merged",
    taps: ["Open Maid and go to its model settings.", "Tap “Load model” and choose the file in Downloads."],
  },
  {
    id: "smolchat",
    name: "SmolChat",
    note: "small and quick",
    systems: ["android"],
    loads: "merged",
    taps: ["Open SmolChat and tap the models icon.", "Tap “Add model” and choose the file in Downloads."],
    warning: "SmolChat copies the file. Delete the one in Downloads afterwards, or it takes the space twice.",
  },
  {
    id: "other",
    name: "Another app",
    note: "anything that loads GGUF",
    systems: ["android", "iphone"],
    loads: "merged",
    taps: ["Open the app and look for “import”, “local model” or “load GGUF”.", "Choose the file in Downloads."],
  },
  {
    id: "adapter",
    name: "An app that takes adapters",
    note: "made with llama.rn or QVAC",
    systems: ["android", "iphone"],
    loads: "adapter",
    taps: ["Load the base model in the app.", "Give it this file as LoRA adapter, with strength 1."],
    warning: "The app needs the very same base file as on the computer.",
  },
];

export const fileKind = (app: PhoneApp, system: PhoneSystem): PhoneFileKind =>
  app.loads === "adapter" ? "adapter" : system;
