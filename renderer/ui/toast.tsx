import { clsx } from "clsx";
import { CircleAlert, CircleCheck, Info, X } from "lucide-react";
import { Toast as Radix } from "radix-ui";
import { Button, IconButton } from "./button";
import { dismissToast, useToasts } from "./toast-store";

const looks = {
  info: { icon: Info, ink: "text-ink-soft" },
  good: { icon: CircleCheck, ink: "text-good" },
  bad: { icon: CircleAlert, ink: "text-bad" },
} as const;

export function Toaster() {
  const notes = useToasts();
  return (
    <Radix.Provider swipeDirection="right">
      {notes.map((note) => {
        const { icon: Icon, ink } = looks[note.tone];
        return (
          <Radix.Root
            key={note.id}
            duration={note.tone === "bad" ? 12_000 : 6000}
            onOpenChange={(open) => !open && dismissToast(note.id)}
            className="appear flex items-start gap-2.5 rounded-lg border border-line bg-raised py-2.5 pr-2 pl-3 shadow-pop"
          >
            <Icon size={17} aria-hidden className={clsx("mt-0.5 shrink-0", ink)} />
            <div className="min-w-0 flex-1">
              <Radix.Title className="font-medium break-words">{note.title}</Radix.Title>
              {note.text && (
                <Radix.Description className="text-sm break-words text-ink-soft">{note.text}</Radix.Description>
              )}
              {note.action && (
                <Radix.Action asChild altText={note.action.label}>
                  <Button size="sm" className="mt-1.5" onClick={note.action.run}>
                    {note.action.label}
                  </Button>
                </Radix.Action>
              )}
            </div>
            <Radix.Close asChild>
              <IconButton label="Dismiss" size="sm">
                <X size={14} aria-hidden />
              </IconButton>
            </Radix.Close>
          </Radix.Root>
        );
      })}
      <Radix.Viewport className="fixed right-4 bottom-4 z-50 flex w-88 max-w-[calc(100vw-2rem)] flex-col gap-2 outline-none" />
    </Radix.Provider>
  );
}
