import { useEffect, useRef } from "react";

export interface Shortcut {
  /** "mod+k", "alt+1", "?", or a sequence of two plain keys such as "g h". */
  readonly keys: string;
  readonly what: string;
  readonly run: () => void;
}

export const isMac = typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.platform);

/** "mod+k" as this machine's keys read. */
export function keyNames(keys: string): readonly string[] {
  // A plus alone is the key itself.
  return (keys === "+" ? [keys] : keys.split(/[+ ]/)).map((key) => {
    if (key === "mod") return isMac ? "⌘" : "Ctrl";
    if (key === "alt") return isMac ? "⌥" : "Alt";
    if (key === "enter") return "Enter";
    if (key === "esc") return "Esc";
    if (key === "shift") return "Shift";
    return key.length === 1 ? key.toUpperCase() : key;
  });
}

export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly code: string;
}

/** How a key press is written in a shortcut. Alt+digit is read from the physical key: on a Mac it types another character. */
export function spell(event: KeyPress): string {
  const key = event.altKey && /^Digit\d$/.test(event.code) ? event.code.slice(5) : event.key.toLowerCase();
  return `${event.ctrlKey || event.metaKey ? "mod+" : ""}${event.altKey ? "alt+" : ""}${key}`;
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName)) &&
    !(target instanceof HTMLInputElement && /^(checkbox|radio|range|button)$/.test(target.type))
  );
}

const sequenceMilliseconds = 1200;

/** Listens to the whole window. Plain keys are left alone while a person types or a dialog is open. */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  const latest = useRef(shortcuts);
  latest.current = shortcuts;
  useEffect(() => {
    let first = "";
    let firstAt = 0;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      const pressed = spell(event);
      const plain = !/^(mod|alt)\+/.test(pressed);
      if (plain && (isTyping(event.target) || document.querySelector("[role=dialog],[role=alertdialog],[role=menu]")))
        return;
      const sequence = performance.now() - firstAt < sequenceMilliseconds ? `${first} ${pressed}` : "";
      const found =
        latest.current.find(({ keys }) => keys === sequence) ?? latest.current.find(({ keys }) => keys === pressed);
      first = found ? "" : pressed;
      firstAt = performance.now();
      if (!found) return;
      event.preventDefault();
      found.run();
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, []);
}
