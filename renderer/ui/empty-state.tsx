import type { ReactNode } from "react";

/** Says what belongs here, why one would want it, and offers the way. */
export function EmptyState({
  icon,
  title,
  children,
  actions,
}: {
  readonly icon: ReactNode;
  readonly title: string;
  readonly children: ReactNode;
  readonly actions?: ReactNode;
}) {
  return (
    <div className="flex flex-col items-center rounded-lg border border-dashed border-line-strong/60 px-6 py-12 text-center">
      <div className="mb-3 rounded-full bg-accent-soft p-3 text-accent">{icon}</div>
      <h2 className="text-md font-semibold">{title}</h2>
      <div className="mt-1 max-w-md text-ink-soft">{children}</div>
      {actions && <div className="mt-4 flex flex-wrap justify-center gap-2">{actions}</div>}
    </div>
  );
}
