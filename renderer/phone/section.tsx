import { type ReactNode, useId, useState } from "react";

/** One of the three ways, closed until it is chosen. What was begun in it goes on while it is closed again. */
export function Section({
  icon,
  title,
  text,
  open,
  onToggle,
  children,
}: {
  readonly icon: ReactNode;
  readonly title: string;
  readonly text: string;
  readonly open: boolean;
  readonly onToggle: () => void;
  readonly children: ReactNode;
}) {
  const id = useId();
  const [seen, setSeen] = useState(open);
  if (open && !seen) setSeen(true);
  return (
    <section className="rounded-xl border border-line bg-raised" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>
        <button
          type="button"
          aria-expanded={open}
          aria-controls={id}
          onClick={onToggle}
          className="flex w-full items-center gap-3 rounded-xl px-4 py-3.5 text-left"
        >
          <span aria-hidden className="text-accent">
            {icon}
          </span>
          <span className="min-w-0 flex-1">
            <span className="block text-md font-semibold text-wrap">{title}</span>
            <span className="block text-sm font-normal text-wrap text-ink-soft">{text}</span>
          </span>
        </button>
      </h2>
      <div id={id} hidden={!open} className="px-4 pb-4">
        {seen && children}
      </div>
    </section>
  );
}
