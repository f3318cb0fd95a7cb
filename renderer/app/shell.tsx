import { ErrorBoundary } from "@renderer/app/error-boundary";
import { useLinkState } from "@renderer/lib/bridge";
import { isMac, type Shortcut, useShortcuts } from "@renderer/lib/keyboard";
import { places } from "@renderer/lib/places";
import { clsx } from "clsx";
import { Search } from "lucide-react";
import { useEffect, useMemo, useState } from "react";
import { Link, useLocation } from "wouter";
import { CommandPalette } from "./command-palette";
import { LinkBanner, Unreachable } from "./link-banner";
import { fetchPages, Routes } from "./router";
import { RunNews } from "./run-news";
import { ShortcutsDialog } from "./shortcuts-dialog";
import { StatusFoot } from "./status-foot";
import { useAppearance } from "./use-appearance";

export function Shell() {
  const [location, go] = useLocation();
  const [palette, setPalette] = useState(false);
  const [help, setHelp] = useState(false);
  const link = useLinkState();
  useAppearance();
  useEffect(fetchPages, []);

  const shortcuts = useMemo<readonly Shortcut[]>(
    () => [
      { keys: "mod+k", what: "Open the command palette", run: () => setPalette((open) => !open) },
      { keys: "?", what: "Show the shortcuts", run: () => setHelp(true) },
      { keys: "n", what: "New run", run: () => go("/runs/new") },
      ...places.map(({ keys, name, href }) => ({ keys, what: `Go to ${name}`, run: () => go(href) })),
      ...places.map(({ alt, name, href }) => ({ keys: alt, what: `Go to ${name}`, run: () => go(href) })),
    ],
    [go],
  );
  useShortcuts(shortcuts);

  if (link === "refused") return <Unreachable />;
  const section = `/${location.split("/")[1] ?? ""}`;
  return (
    <div className="grid h-full grid-cols-[13rem_1fr] max-xl:grid-cols-[11.5rem_1fr]">
      <button
        type="button"
        onClick={() => document.getElementById("main")?.focus()}
        className="sr-only rounded-md bg-accent px-3 py-2 text-on-accent focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50"
      >
        Skip to the page
      </button>
      <aside className="flex min-h-0 flex-col border-r border-line bg-sunken">
        <div className="flex h-13 items-center gap-2 px-4">
          <Mark />
          <span className="text-md font-semibold tracking-tight">Hone</span>
        </div>
        <div className="px-2.5 pb-2">
          <button
            type="button"
            onClick={() => setPalette(true)}
            className="flex h-8 w-full items-center gap-2 rounded-md border border-line bg-surface px-2 text-sm text-ink-faint hover:border-line-strong"
          >
            <Search size={14} aria-hidden />
            <span className="flex-1 text-left">Search</span>
            <kbd className="font-sans text-xs">{isMac ? "⌘K" : "Ctrl K"}</kbd>
          </button>
        </div>
        <nav aria-label="Pages" className="flex flex-1 flex-col gap-0.5 overflow-y-auto px-2.5 py-0.5">
          {places.map(({ href, name, icon: Icon, keys }) => {
            const here = section === href;
            return (
              <Link
                key={href}
                href={href}
                aria-current={here ? "page" : undefined}
                title={`${name} (${keys.toUpperCase().replace(" ", " then ")})`}
                className={clsx(
                  "flex h-8.5 items-center gap-2.5 rounded-md px-2.5",
                  here
                    ? "bg-accent-soft font-medium text-accent-strong"
                    : "text-ink-soft hover:bg-hover hover:text-ink",
                )}
              >
                <Icon size={17} aria-hidden strokeWidth={here ? 2.2 : 1.8} />
                {name}
              </Link>
            );
          })}
        </nav>
        <StatusFoot />
      </aside>
      <div className="flex min-h-0 min-w-0 flex-col">
        <LinkBanner />
        <main id="main" tabIndex={-1} className="min-h-0 flex-1 overflow-y-auto outline-none">
          <ErrorBoundary key={section}>
            <Routes />
          </ErrorBoundary>
        </main>
      </div>
      <RunNews />
      <CommandPalette open={palette} onOpenChange={setPalette} showShortcuts={() => setHelp(true)} />
      <ShortcutsDialog open={help} onOpenChange={setHelp} />
    </div>
  );
}

function Mark() {
  return (
    <svg width="22" height="22" viewBox="0 0 32 32" aria-hidden>
      <rect width="32" height="32" rx="8" fill="var(--accent)" />
      <path d="M8 23 24 7v7L15 23z" fill="var(--on-accent)" />
      <path d="M8 25.6h16" stroke="var(--on-accent)" strokeOpacity="0.6" strokeWidth="2" strokeLinecap="round" />
    </svg>
  );
}
