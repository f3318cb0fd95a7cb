import { digest as shorten } from "@renderer/lib/format";
import { Check, Copy } from "lucide-react";
import { useState } from "react";

/** A digest by its first eight digits; pressing it copies the whole. Null: nobody knows it. */
export function Digest({ hex, what = "digest" }: { readonly hex: string | null; readonly what?: string }) {
  return hex ? <CopyableDigest hex={hex} what={what} /> : "not known";
}

function CopyableDigest({ hex, what }: { readonly hex: string; readonly what: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard?.writeText(hex);
    setCopied(true);
    setTimeout(() => setCopied(false), 1500);
  };
  return (
    <button
      type="button"
      onClick={copy}
      title={`SHA-256 ${hex}\nPress to copy`}
      aria-label={copied ? "Copied" : `Copy the ${what} ${shorten(hex)}`}
      className="inline-flex items-center gap-1 rounded px-1 font-mono text-xs text-ink-soft hover:bg-hover hover:text-ink"
    >
      {shorten(hex)}
      {copied ? <Check size={12} aria-hidden /> : <Copy size={12} aria-hidden />}
    </button>
  );
}
