import { keepAwake } from "@main/power/awake";
import { systemReader } from "@main/power/system";
import type { ShellAbilities } from "@main/shell/abilities";

/** A browser has no dialogs for the server's files: the window browses folders through the contract. */
export const servedAbilities: ShellAbilities = {
  kind: "served",
  pick: async () => ({ supported: false, path: null }),
  reveal: async () => ({ supported: false }),
  keepAwake,
  readPower: systemReader(),
};
