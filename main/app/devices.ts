import type { EngineHost } from "@main/engine/host";
import type { HoneContract } from "@shared/ipc/contract";
import type { Emit, Handlers } from "@shared/ipc/define";
import type { DeviceCheck } from "@shared/models/device";

/** Lists devices with what either engine has found out about them. */
export class Devices {
  readonly #checks = new Map<string, DeviceCheck>();

  constructor(
    private readonly studio: EngineHost,
    training: EngineHost,
    emit: Emit<HoneContract>,
  ) {
    for (const { client } of [studio, training]) {
      client.engine.deviceChecked((check) => {
        this.#checks.set(check.device, check);
        emit("devices", "changed", check);
      });
    }
  }

  readonly handlers: Handlers<HoneContract>["devices"] = {
    list: async () => ({ ...(await this.studio.client.engine.devices()), checks: [...this.#checks.values()] }),
  };
}
