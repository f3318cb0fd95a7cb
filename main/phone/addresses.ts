import { type NetworkInterfaceInfo, networkInterfaces } from "node:os";

export interface LocalAddress {
  readonly address: string;
  /** What the system calls the network card. */
  readonly network: string;
}

const virtual = /^(docker|br-|veth|virbr|vmnet|vboxnet|vethernet|tailscale|utun|tun|tap|wg|zt|ham|podman|cni|flannel)/i;

/** The addresses a phone nearby may reach this computer at, the likeliest first. Cards of virtual machines and tunnels come last. */
export function localAddresses(
  cards: NodeJS.Dict<Pick<NetworkInterfaceInfo, "address" | "family" | "internal">[]> = networkInterfaces(),
): LocalAddress[] {
  return Object.entries(cards)
    .flatMap(([network, addresses]) =>
      (addresses ?? [])
        .filter(({ family, internal }) => family === "IPv4" && !internal)
        .map(({ address }) => ({ address, network })),
    )
    .map((found, order) => ({ found, rank: rank(found) * 1000 + order }))
    .sort((left, right) => left.rank - right.rank)
    .map(({ found }) => found);
}

function rank({ address, network }: LocalAddress): number {
  if (address.startsWith("169.254.")) return 4;
  if (virtual.test(network)) return 3;
  if (/^192\.168\./.test(address)) return 0;
  if (/^10\./.test(address) || /^172\.(1[6-9]|2\d|3[01])\./.test(address)) return 1;
  return 2;
}
