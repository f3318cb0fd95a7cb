import type { ExportProfile } from "@shared/models/export";

/** The profiles as cards, what most people want first. */
export const profileTexts: readonly {
  readonly profile: ExportProfile;
  readonly title: string;
  readonly text: string;
}[] = [
  { profile: "android", title: "Android app", text: "One file for PocketPal, ChatterUI, Maid, SmolChat." },
  { profile: "iphone", title: "iPhone app", text: "One file for PocketPal, through Files." },
  { profile: "page", title: "Phone's browser", text: "Base in parts and adapter, for wllama." },
  { profile: "adapter", title: "GGUF adapter", text: "The small file alone, for llama.cpp." },
  { profile: "pair", title: "Base and adapter", text: "For apps that take adapters: llama.rn, QVAC." },
  { profile: "ollama", title: "Ollama", text: "Adapter and Modelfile, on a computer." },
  { profile: "peft", title: "PEFT folder", text: "safetensors, for Python tools." },
  { profile: "developer", title: "Developer bundle", text: "GGUF adapter and PEFT, no base." },
  { profile: "merged", title: "Merged model", text: "One file in a type of your choice." },
];

export const isForPhone = (profile: ExportProfile) =>
  profile === "android" || profile === "iphone" || profile === "page";
export const isMerged = (profile: ExportProfile) =>
  profile === "android" || profile === "iphone" || profile === "merged";
export const hasGgufAdapter = (profile: ExportProfile) => !isMerged(profile) && profile !== "peft";
