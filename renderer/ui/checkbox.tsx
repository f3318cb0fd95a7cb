import { clsx } from "clsx";
import type { ComponentProps } from "react";

/** The platform's own, in the accent's colour. */
export function Checkbox({
  label,
  onChange,
  className,
  ...rest
}: Omit<ComponentProps<"input">, "onChange" | "type"> & {
  /** Read aloud. */
  readonly label: string;
  readonly onChange: (checked: boolean) => void;
}) {
  return (
    <input
      type="checkbox"
      aria-label={label}
      className={clsx("size-4 shrink-0 accent-accent", className)}
      onChange={(event) => onChange(event.target.checked)}
      {...rest}
    />
  );
}
