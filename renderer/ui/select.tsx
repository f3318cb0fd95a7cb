import { clsx } from "clsx";
import { ChevronDown } from "lucide-react";
import type { ComponentProps } from "react";
import { inputClass } from "./field";

export interface Option<Value extends string> {
  readonly value: Value;
  readonly label: string;
  readonly disabled?: boolean;
}

/** The platform's own select: keyboard, screen reader and long lists work as people know them. */
export function Select<Value extends string>({
  options,
  value,
  onChange,
  placeholder,
  className,
  ...rest
}: Omit<ComponentProps<"select">, "onChange" | "value"> & {
  readonly options: readonly Option<Value>[];
  readonly value: Value | "";
  readonly onChange: (value: Value) => void;
  readonly placeholder?: string;
}) {
  return (
    <span className={clsx("relative inline-flex min-w-0", className ?? "w-full")}>
      <select
        className={clsx(inputClass, "appearance-none truncate pr-7")}
        value={value}
        onChange={(event) => onChange(event.target.value as Value)}
        {...rest}
      >
        {placeholder !== undefined && (
          <option value="" disabled>
            {placeholder}
          </option>
        )}
        {options.map((option) => (
          <option key={option.value} value={option.value} disabled={option.disabled}>
            {option.label}
          </option>
        ))}
      </select>
      <ChevronDown
        size={15}
        aria-hidden
        className="pointer-events-none absolute top-1/2 right-2 -translate-y-1/2 text-ink-faint"
      />
    </span>
  );
}
