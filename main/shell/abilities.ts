/** What a shell can do that services cannot: dialogs and file managers belong to a desktop. */
export interface ShellAbilities {
  readonly kind: "electron" | "served";
  /** The system's own dialog. `supported` is false where there is none; `path` is null when the person changed their mind. */
  pick(kind: PickKind): Promise<{ supported: boolean; path: string | null }>;
  /** Shows a file in the system's file manager. */
  reveal(path: string): Promise<{ supported: boolean }>;
}

export type PickKind = "model" | "dataset" | "adapter" | "folder";
