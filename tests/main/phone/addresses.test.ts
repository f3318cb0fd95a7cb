import { localAddresses } from "@main/phone/addresses";
import { describe, expect, it } from "vitest";

const card = (address: string, more: object = {}) => ({ address, family: "IPv4" as const, internal: false, ...more });

describe("the addresses of this computer", () => {
  it("begin with that of the home network; tunnels, virtual cards and self-given numbers come last", () => {
    const found = localAddresses({
      docker0: [card("172.17.0.1")],
      eth1: [card("169.254.7.7")],
      tun0: [card("10.8.0.2")],
      eth0: [card("10.1.2.3")],
      "Wi-Fi": [{ ...card("fe80::1"), family: "IPv6" as const }, card("192.168.1.20")],
      wwan0: [card("203.0.113.9")],
      lo: [card("127.0.0.1", { internal: true })],
      gone: undefined,
    });
    expect(found.map(({ address }) => address)).toEqual([
      "192.168.1.20",
      "10.1.2.3",
      "203.0.113.9",
      "172.17.0.1",
      "10.8.0.2",
      "169.254.7.7",
    ]);
    expect(found[0]?.network).toBe("Wi-Fi");
  });

  it("are none without a network", () => {
    expect(localAddresses({ lo: [card("127.0.0.1", { internal: true })] })).toEqual([]);
  });
});
