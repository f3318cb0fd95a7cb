import type { PowerReader } from "@main/power/reading";

/** What a shell can do that services cannot: dialogs and file managers belong to a desktop. */
export interface ShellAbilities {
  readonly kind: "electron" | "served";
  /** The system's own dialog. `supported` is false where there is none; `path` is null when the person changed their mind. */
  pick(kind: PickKind): Promise<{ supported: boolean; path: string | null }>;
  /** Shows a file in the system's file manager. */
  reveal(path: string): Promise<{ supported: boolean }>;
  /** Keeps the system awake, not its screen, until what it returns is called. */
  keepAwake(): () => void;
  /** Shows a note on the desktop; a browser's window does that itself. */
  notify?(title: string, text: string): void;
  /** What the system says about power and heat. */
  readonly readPower: PowerReader;
  /** Tells that something about power, heat or sleep has changed; returns the end of it. */
  onPower?(listener: () => void): () => void;
}

export type PickKind = "model" | "dataset" | "adapter" | "folder";
