import type { Sharing } from "@main/phone/sharing";
import type { HoneContract } from "@shared/ipc/contract";
import type { Handlers } from "@shared/ipc/define";

export function phoneHandlers(sharing: Sharing): Handlers<HoneContract>["phone"] {
  return {
    open: ({ adapterId }) => sharing.open(adapterId),
    stay: ({ id }) => sharing.stay(id),
    choose: ({ address }) => sharing.choose(address),
    renew: () => sharing.renew(),
    prepare: ({ kind }) => sharing.prepare(kind),
    close: ({ id }) => sharing.close(id),
    adb: () => sharing.cable.look(),
    push: ({ serial, kind }) => sharing.push(serial, kind),
  };
}
