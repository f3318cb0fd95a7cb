import { clsx } from "clsx";
import { Slider as Radix } from "radix-ui";

export function Slider({
  value,
  onChange,
  min,
  max,
  step,
  label,
  className,
}: {
  readonly value: number;
  readonly onChange: (value: number) => void;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly label: string;
  readonly className?: string;
}) {
  return (
    <Radix.Root
      className={clsx("relative flex h-5 w-full touch-none items-center select-none", className)}
      value={[value]}
      min={min}
      max={max}
      step={step}
      onValueChange={([next]) => next !== undefined && onChange(next)}
    >
      <Radix.Track className="relative h-1 grow rounded-full bg-line">
        <Radix.Range className="absolute h-full rounded-full bg-accent" />
      </Radix.Track>
      <Radix.Thumb
        aria-label={label}
        className="block size-3.5 rounded-full border-2 border-accent bg-surface shadow-sm"
      />
    </Radix.Root>
  );
}
