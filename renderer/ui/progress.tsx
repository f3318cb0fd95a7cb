import { clsx } from "clsx";
import { Progress as Radix } from "radix-ui";

/** `value` is 0 to 1, or null while the amount of work is not known. */
export function Progress({
  value,
  label,
  className,
}: {
  readonly value: number | null;
  readonly label: string;
  readonly className?: string;
}) {
  const share = value === null ? null : Math.min(1, Math.max(0, value));
  return (
    <Radix.Root
      value={share === null ? null : Math.round(share * 1000) / 10}
      aria-label={label}
      className={clsx("relative h-1.5 w-full overflow-hidden rounded-full bg-line", className)}
    >
      {share === null ? (
        <Radix.Indicator className="absolute h-full w-1/3 rounded-full bg-accent [animation:hone-slide_1.4s_ease-in-out_infinite]" />
      ) : (
        <Radix.Indicator
          className="h-full w-full origin-left rounded-full bg-accent transition-transform duration-200"
          style={{ transform: `scaleX(${share})` }}
        />
      )}
    </Radix.Root>
  );
}
