import { clsx } from "clsx";
import { type ReactNode, useId } from "react";

/** A titled section of a page. */
export function Panel({
  title,
  note,
  actions,
  children,
  className,
  flush = false,
}: {
  readonly title?: ReactNode;
  readonly note?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  readonly className?: string;
  /** Content reaches the frame. */
  readonly flush?: boolean;
}) {
  const id = useId();
  return (
    <section
      aria-labelledby={title ? id : undefined}
      className={clsx("min-w-0 rounded-lg border border-line bg-surface", className)}
    >
      {title && (
        <header className="flex min-h-11 flex-wrap items-center justify-between gap-x-3 gap-y-1 px-4 pt-2.5 pb-1.5">
          <div className="flex min-w-0 flex-wrap items-baseline gap-x-2">
            <h2 id={id} className="font-semibold">
              {title}
            </h2>
            {note && <span className="text-sm text-ink-faint">{note}</span>}
          </div>
          {actions && <div className="flex items-center gap-2">{actions}</div>}
        </header>
      )}
      <div className={clsx(!flush && "px-4 pb-4", !flush && !title && "pt-4")}>{children}</div>
    </section>
  );
}

/** Name and value pairs in a steady grid. */
export function Facts({
  children,
  columns = "sm:grid-cols-[10rem_1fr]",
}: {
  readonly children: ReactNode;
  readonly columns?: string;
}) {
  return <dl className={clsx("grid grid-cols-1 gap-x-4 gap-y-1.5", columns)}>{children}</dl>;
}

export function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-faint">{name}</dt>
      <dd className="num min-w-0 break-words">{children}</dd>
    </>
  );
}

/** One number a person looks for, with its unit below or beside. */
export function Stat({
  name,
  value,
  note,
}: {
  readonly name: string;
  readonly value: ReactNode;
  readonly note?: ReactNode;
}) {
  return (
    <div className="min-w-0">
      <dt className="text-xs text-ink-faint">{name}</dt>
      <dd className="num text-md font-semibold whitespace-nowrap">{value}</dd>
      {note && <dd className="num text-xs whitespace-nowrap text-ink-faint">{note}</dd>}
    </div>
  );
}
