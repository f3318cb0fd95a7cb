import { useSyncExternalStore } from "react";

export interface ToastNote {
  readonly id: number;
  readonly tone: "info" | "good" | "bad";
  readonly title: string;
  readonly text?: string;
  readonly action?: { readonly label: string; readonly run: () => void };
}

let notes: readonly ToastNote[] = [];
let lastId = 0;
const listeners = new Set<() => void>();

function change(next: readonly ToastNote[]): void {
  notes = next;
  for (const listener of listeners) listener();
}

/** A short word about something that happened elsewhere on screen. Never the only place an error is told. */
export function toast(note: Omit<ToastNote, "id">): void {
  change([...notes.slice(-3), { ...note, id: ++lastId }]);
}

export function dismissToast(id: number): void {
  change(notes.filter((note) => note.id !== id));
}

export function useToasts(): readonly ToastNote[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    () => notes,
  );
}
