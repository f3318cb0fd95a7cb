import type { Port } from "@shared/ipc/channel";
import type { HoneContract } from "@shared/ipc/contract";
import type { Emit } from "@shared/ipc/define";
import type { News } from "@shared/ipc/envelope";

/** News to all windows that are open. */
export class Broadcast {
  readonly #ports = new Set<Pick<Port, "send">>();

  readonly emit: Emit<HoneContract> = (group, name, payload) => {
    const news: News = { type: "news", path: `${group}.${name}`, payload };
    for (const port of this.#ports) port.send(news);
  };

  /** Returns the removal. */
  add(port: Pick<Port, "send">): () => void {
    this.#ports.add(port);
    return () => void this.#ports.delete(port);
  }
}
