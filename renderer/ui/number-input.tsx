import { clsx } from "clsx";
import { type KeyboardEvent, useState } from "react";
import { type ControlProps, Input } from "./field";

/** Keeps what is typed until it is a number; arrow keys step. Reports NaN for text that is no number, so that the form can say so. */
export function NumberInput({
  value,
  onChange,
  step = 1,
  className,
  show = String,
  ...control
}: Partial<ControlProps> & {
  readonly value: number;
  readonly onChange: (value: number) => void;
  /** Added by the arrow keys; "double" multiplies or divides by two. */
  readonly step?: number | "double";
  readonly className?: string;
  readonly show?: (value: number) => string;
  readonly "aria-label"?: string;
}) {
  const [typed, setTyped] = useState<string | null>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
    event.preventDefault();
    const up = event.key === "ArrowUp";
    const next = step === "double" ? (up ? value * 2 : value / 2) : value + (up ? step : -step);
    setTyped(null);
    onChange(Number(next.toPrecision(12)));
  };
  return (
    <Input
      {...control}
      inputMode="decimal"
      className={clsx("num", className)}
      value={typed ?? (Number.isNaN(value) ? "" : show(value))}
      onChange={(event) => {
        setTyped(event.target.value);
        const text = event.target.value.trim().replace(",", ".");
        onChange(text === "" ? Number.NaN : Number(text));
      }}
      onBlur={() => setTyped((text) => (Number.isNaN(value) ? text : null))}
      onKeyDown={onKeyDown}
    />
  );
}
