import { clsx } from "clsx";
import { type ComponentProps, type ReactNode, useId } from "react";

export interface ControlProps {
  readonly id: string;
  readonly "aria-describedby": string | undefined;
  readonly "aria-invalid": true | undefined;
}

/** A label, the control, one line of explanation, and the error in its place when there is one. */
export function Field({
  label,
  hint,
  error,
  className,
  children,
}: {
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  readonly error?: string | null | undefined;
  readonly className?: string;
  readonly children: (control: ControlProps) => ReactNode;
}) {
  const id = useId();
  const note = error ?? hint;
  return (
    <div className={clsx("flex min-w-0 flex-col gap-1", className)}>
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      {children({ id, "aria-describedby": note ? `${id}-note` : undefined, "aria-invalid": error ? true : undefined })}
      {note && (
        <p id={`${id}-note`} className={clsx("text-xs", error ? "text-bad" : "text-ink-faint")}>
          {note}
        </p>
      )}
    </div>
  );
}

export const inputClass =
  "h-8 w-full min-w-0 rounded-md border border-line-strong/60 bg-surface px-2.5 text-ink placeholder:text-ink-faint hover:border-line-strong aria-invalid:border-bad disabled:opacity-60";

export function Input({ className, ...rest }: ComponentProps<"input">) {
  return <input className={clsx(inputClass, className)} spellCheck={false} autoComplete="off" {...rest} />;
}

export function TextArea({ className, ...rest }: ComponentProps<"textarea">) {
  return <textarea className={clsx(inputClass, "h-auto py-1.5", className)} {...rest} />;
}
