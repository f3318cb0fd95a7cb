import { Notice } from "@renderer/ui/notice";
import type { PhoneProbe } from "@shared/models/phone";

/** Whether an answer to the probe begins as the tuned model's does. */
export function ProbeVerdict({
  probe,
  answer,
  tuned,
}: {
  readonly probe: PhoneProbe;
  readonly answer: string;
  readonly tuned: boolean;
}) {
  const begins = answer.trim().startsWith(probe.expected);
  if (tuned && begins) return <Notice tone="good">It begins as it should: the adapter is active.</Notice>;
  if (tuned) {
    return (
      <Notice tone="warn">
        It should begin with <Expected probe={probe} />; the adapter does not seem to be active.
      </Notice>
    );
  }
  return (
    <Notice tone="info">
      {begins ? "Base and tuned model begin alike here." : "The base model alone, as it should be."}
    </Notice>
  );
}

export function Expected({ probe }: { readonly probe: Pick<PhoneProbe, "expected"> }) {
  return <code className="rounded bg-sunken px-1 font-mono text-sm text-ink">{probe.expected}</code>;
}
