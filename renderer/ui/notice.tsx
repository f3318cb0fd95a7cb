import { clsx } from "clsx";
import { CircleCheck, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";

const looks = {
  info: { icon: Info, frame: "border-line bg-sunken", ink: "text-ink-soft" },
  warn: { icon: TriangleAlert, frame: "border-warn/40 bg-warn-soft", ink: "text-warn" },
  good: { icon: CircleCheck, frame: "border-good/40 bg-good-soft", ink: "text-good" },
} as const;

export function Notice({
  tone = "info",
  title,
  children,
  actions,
}: {
  readonly tone?: keyof typeof looks;
  readonly title?: ReactNode;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}) {
  const { icon: Icon, frame, ink } = looks[tone];
  return (
    <div className={clsx("flex gap-3 rounded-lg border px-4 py-3", frame)}>
      <Icon size={18} aria-hidden className={clsx("mt-0.5 shrink-0", ink)} />
      <div className="min-w-0 flex-1">
        {title && <p className="font-medium">{title}</p>}
        {children && <div className="text-ink-soft">{children}</div>}
        {actions && <div className="mt-2.5 flex flex-wrap gap-2">{actions}</div>}
      </div>
    </div>
  );
}
