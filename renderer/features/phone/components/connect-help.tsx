import { useAppInfo } from "@renderer/features/settings/api/settings";
import { Disclosure } from "@renderer/ui/disclosure";
import type { PhoneShare } from "@shared/models/phone";

/** The usual reasons, the likeliest first. */
export function ConnectHelp({ share: { chosen, addresses } }: { readonly share: PhoneShare }) {
  const platform = useAppInfo().data?.platform ?? "";
  const port = new URL(chosen.url).port;
  return (
    <Disclosure summary="The phone cannot connect?">
      <ul className="ml-5 flex list-disc flex-col gap-1.5 text-ink-soft">
        <li>
          <strong className="font-medium text-ink">The same Wi-Fi.</strong> The phone has to be on the network of this
          computer, not on mobile data and not in a VPN.
        </li>
        {addresses.length > 1 && (
          <li>
            <strong className="font-medium text-ink">Another address.</strong> This computer is on several networks;
            choose the other one above and scan again.
          </li>
        )}
        <li>
          <strong className="font-medium text-ink">Guest networks</strong> and many in hotels and offices keep devices
          apart. Use the main network, or share the phone's own connection and join it with this computer.
        </li>
        <li>
          <strong className="font-medium text-ink">The firewall</strong> of this computer has to let Hone in:{" "}
          {firewall(platform, port)}
        </li>
      </ul>
    </Disclosure>
  );
}

function firewall(platform: string, port: string) {
  if (platform === "darwin") return "System Settings, Network, Firewall, Options; add Hone and allow connections.";
  if (platform === "win32")
    return "answer Windows' question with “Allow” for private networks, or allow Hone under Firewall, Allow an app.";
  return (
    <>
      with ufw <code className="font-mono text-sm text-ink">sudo ufw allow {port}/tcp</code>, with firewalld{" "}
      <code className="font-mono text-sm text-ink">sudo firewall-cmd --add-port={port}/tcp</code>; until the sheet is
      closed.
    </>
  );
}
