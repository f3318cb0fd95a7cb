import type { ShellAbilities } from "@main/shell/abilities";

/** A browser has no dialogs for the server's files: the window browses folders through the contract. */
export const servedAbilities: ShellAbilities = {
  kind: "served",
  pick: async () => ({ supported: false, path: null }),
  reveal: async () => ({ supported: false }),
};
