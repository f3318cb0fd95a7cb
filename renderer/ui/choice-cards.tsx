import { RadioGroup } from "radix-ui";
import type { ReactNode } from "react";

export interface Choice<Value extends string> {
  readonly value: Value;
  readonly title: string;
  readonly text: ReactNode;
  readonly disabled?: boolean;
}

/** A radio group drawn as cards; arrow keys move between them. */
export function ChoiceCards<Value extends string>({
  label,
  choices,
  value,
  onChange,
  columns,
}: {
  readonly label: string;
  readonly choices: readonly Choice<Value>[];
  readonly value: Value | null;
  readonly onChange: (value: Value) => void;
  readonly columns: string;
}) {
  return (
    <RadioGroup.Root
      aria-label={label}
      value={value ?? ""}
      onValueChange={(next) => onChange(next as Value)}
      className={`grid gap-2 ${columns}`}
    >
      {choices.map((choice) => (
        <RadioGroup.Item
          key={choice.value}
          value={choice.value}
          disabled={choice.disabled ?? false}
          className="flex min-w-0 flex-col justify-start rounded-md border border-line bg-surface px-3 py-2 text-left hover:border-line-strong disabled:border-dashed disabled:bg-transparent disabled:hover:border-line data-[state=checked]:border-accent data-[state=checked]:bg-accent-soft data-[state=checked]:ring-1 data-[state=checked]:ring-accent"
        >
          <span className="w-full truncate font-medium">{choice.title}</span>
          <span className="text-sm text-ink-soft">{choice.text}</span>
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  );
}
