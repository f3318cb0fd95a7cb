import { clsx } from "clsx";

/** The shape of what is on its way. Silent for screen readers apart from one "Loading". */
export function Skeleton({ rows = 3, height = "h-10" }: { readonly rows?: number; readonly height?: string }) {
  return (
    <div role="status" aria-label="Loading" className="flex flex-col gap-2">
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all alike and never move
        <div key={row} className={clsx("animate-pulse rounded-lg bg-hover", height)} />
      ))}
    </div>
  );
}
