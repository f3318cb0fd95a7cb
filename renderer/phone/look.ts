import { clsx } from "clsx";

const looks = {
  primary: "border-transparent bg-accent text-on-accent font-medium",
  plain: "border-line-strong bg-surface text-ink",
  quiet: "border-line bg-surface text-ink-soft",
} as const;

/** Buttons a thumb can hit: at least 44 px high. */
export function phoneButton(look: keyof typeof looks = "plain", className?: string): string {
  return clsx(
    "inline-flex min-h-11 min-w-11 items-center justify-center gap-2 rounded-lg border px-4 py-2 disabled:opacity-60",
    looks[look],
    className,
  );
}
