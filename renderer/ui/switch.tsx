import { clsx } from "clsx";
import { Switch as Radix } from "radix-ui";
import type { ControlProps } from "./field";

export function Switch({
  checked,
  onChange,
  className,
  ...control
}: Partial<ControlProps> & {
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly className?: string;
  readonly "aria-label"?: string;
}) {
  return (
    <Radix.Root
      {...control}
      checked={checked}
      onCheckedChange={onChange}
      className={clsx(
        "relative h-5 w-9 shrink-0 rounded-full border border-line-strong bg-sunken transition-colors data-[state=checked]:border-accent data-[state=checked]:bg-accent",
        className,
      )}
    >
      <Radix.Thumb className="block size-3.5 translate-x-[3px] rounded-full bg-ink-soft transition-transform data-[state=checked]:translate-x-[18px] data-[state=checked]:bg-on-accent" />
    </Radix.Root>
  );
}
