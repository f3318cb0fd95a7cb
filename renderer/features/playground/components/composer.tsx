import { Button } from "@renderer/ui/button";
import { Kbd } from "@renderer/ui/kbd";
import { SendHorizontal, Square } from "lucide-react";
import { type KeyboardEvent, useLayoutEffect, useRef, useState } from "react";
import { isBusy } from "../hooks/playground-state";
import { ask, stopAll, usePlayground } from "../hooks/playground-store";

export function Composer() {
  const state = usePlayground();
  const busy = isBusy(state);
  const [text, setText] = useState("");
  const box = useRef<HTMLTextAreaElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the text
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    element.style.height = "auto";
    element.style.height = `${Math.min(200, element.scrollHeight)}px`;
  }, [text]);
  const send = () => {
    if (!text.trim() || busy || state.panes.length === 0) return;
    ask(text.trim());
    setText("");
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault();
      send();
    } else if (event.key === "Escape" && busy) {
      event.preventDefault();
      stopAll();
    }
  };
  return (
    <form
      className="flex items-end gap-2 rounded-b-lg border border-line bg-sunken p-2.5"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <textarea
        ref={box}
        rows={1}
        // biome-ignore lint/a11y/noAutofocus: writing is what one comes here for
        autoFocus
        aria-label="Message to all panes"
        placeholder={state.panes.length > 1 ? `Ask all ${state.panes.length} panes the same…` : "Say something…"}
        className="max-h-50 min-h-9 min-w-0 flex-1 resize-none rounded-md border border-line-strong/60 bg-surface px-3 py-1.5 placeholder:text-ink-faint"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <span className="mb-2 text-xs text-ink-faint max-xl:hidden">
        <Kbd keys="shift+enter" /> new line
      </span>
      {busy ? (
        <Button className="h-9!" icon={<Square size={14} aria-hidden />} onClick={stopAll}>
          Stop
        </Button>
      ) : (
        <Button
          variant="primary"
          type="submit"
          className="h-9!"
          disabled={!text.trim()}
          icon={<SendHorizontal size={16} aria-hidden />}
        >
          Send
        </Button>
      )}
    </form>
  );
}
