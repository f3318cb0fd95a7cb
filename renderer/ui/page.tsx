import { clsx } from "clsx";
import { ChevronLeft } from "lucide-react";
import { type ReactNode, useEffect, useRef } from "react";
import { Link } from "wouter";

let firstPage = true;

/** A page's name: in the browser's tab, and as the heading that takes the focus after a navigation, so that screen readers say where one is. */
export function PageHeading({
  title,
  browserTitle,
}: {
  readonly title: ReactNode;
  readonly browserTitle?: string | undefined;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (!firstPage && document.activeElement?.tagName !== "INPUT" && document.activeElement?.tagName !== "TEXTAREA") {
      heading.current?.focus({ preventScroll: true });
    }
    firstPage = false;
  }, []);
  const inWords = browserTitle ?? (typeof title === "string" ? title : "");
  useEffect(() => {
    document.title = inWords ? `${inWords} – Hone` : "Hone";
  }, [inWords]);
  return (
    <h1 ref={heading} tabIndex={-1} className="truncate text-xl font-semibold tracking-tight outline-none">
      {title}
    </h1>
  );
}

/** A page's frame. */
export function Page({
  title,
  browserTitle,
  lead,
  back,
  badge,
  actions,
  children,
  wide = false,
}: {
  readonly title: ReactNode;
  readonly browserTitle?: string;
  readonly lead?: ReactNode;
  readonly back?: { readonly href: string; readonly label: string };
  readonly badge?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  readonly wide?: boolean;
}) {
  return (
    <div
      className={clsx(
        "mx-auto flex min-h-full flex-col px-6 pt-5 pb-8 max-xl:px-5",
        wide ? "max-w-[110rem]" : "max-w-6xl",
      )}
    >
      <header className="mb-4 flex items-end justify-between gap-4">
        <div className="min-w-0 flex-1">
          {back && (
            <Link
              href={back.href}
              className="mb-1 -ml-1 inline-flex items-center gap-0.5 rounded text-sm text-ink-faint hover:text-ink"
            >
              <ChevronLeft size={15} aria-hidden />
              {back.label}
            </Link>
          )}
          <div className="flex min-w-0 items-center gap-2.5">
            <PageHeading title={title} browserTitle={browserTitle} />
            {badge}
          </div>
          {lead && <p className="mt-0.5 max-w-3xl text-pretty text-ink-soft">{lead}</p>}
        </div>
        {actions && <div className="flex shrink-0 items-center gap-2">{actions}</div>}
      </header>
      {children}
    </div>
  );
}
