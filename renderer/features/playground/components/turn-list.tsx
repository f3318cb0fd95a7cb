import { Button, IconButton } from "@renderer/ui/button";
import { TextArea } from "@renderer/ui/field";
import { Pencil, RefreshCw } from "lucide-react";
import { type CSSProperties, memo, type RefObject, useLayoutEffect, useRef, useState } from "react";
import type { Pane, Turn } from "../hooks/playground-state";
import { answerTurn, ask, dispatch, editQuestion, usePlayground } from "../hooks/playground-store";
import { AnswerView } from "./answer-view";
import { freshSeed } from "./set-up-panel";

const starters = ["Wake me at half past six", "Text Anna that I am running late", "What can you do?"];

export function TurnList({ columns }: { readonly columns: CSSProperties }) {
  const { turns, panes } = usePlayground();
  const end = useRef<HTMLDivElement>(null);
  const follow = useFollow(end);
  // biome-ignore lint/correctness/useExhaustiveDependencies: every growth of the conversation may need a scroll
  useLayoutEffect(follow, [turns]);
  if (turns.length === 0) return <NothingSaid panes={panes} />;
  return (
    <>
      <ol className="flex-1">
        {turns.map((turn) => (
          <TurnView key={turn.id} turn={turn} panes={panes} columns={columns} />
        ))}
      </ol>
      <div ref={end} />
    </>
  );
}

/** Keeps the end in view while one is near it, and leaves a reader of older turns alone. */
function useFollow(end: RefObject<HTMLElement | null>) {
  return () => {
    const frame = end.current?.closest("#answers");
    if (frame && frame.scrollHeight - frame.scrollTop - frame.clientHeight < 160) frame.scrollTop = frame.scrollHeight;
  };
}

function NothingSaid({ panes }: { readonly panes: readonly Pane[] }) {
  return (
    <div className="sticky left-0 flex flex-1 flex-col items-center justify-center gap-3 px-6 py-10 text-center">
      <p className="max-w-md text-ink-soft">
        {panes.length > 1
          ? "One question goes to all panes with the same seed, so that only models and adapters differ."
          : "Ask something. To see what an adapter changes, compare base and tuned side by side."}
      </p>
      <div className="flex flex-wrap justify-center gap-2">
        {starters.map((text) => (
          <Button key={text} size="sm" disabled={panes.length === 0} onClick={() => ask(text)}>
            {text}
          </Button>
        ))}
      </div>
    </div>
  );
}

const TurnView = memo(function TurnView({
  turn,
  panes,
  columns,
}: {
  readonly turn: Turn;
  readonly panes: readonly Pane[];
  readonly columns: CSSProperties;
}) {
  const [editing, setEditing] = useState(false);
  const busy = Object.values(turn.answers).some((answer) => answer.state !== "ended");
  const again = () => {
    dispatch({ type: "sampling", sampling: { seed: freshSeed() } });
    answerTurn(turn.id, panes);
  };
  return (
    <li className="border-b border-line last:border-b-0">
      <div className="bg-sunken">
        {editing ? (
          <EditQuestion turn={turn} close={() => setEditing(false)} />
        ) : (
          <div className="sticky left-0 flex items-start gap-2 px-3 py-2">
            <p className="min-w-0 flex-1 py-1 font-medium break-words whitespace-pre-wrap">
              <span className="sr-only">You: </span>
              {turn.user}
            </p>
            <IconButton label="Edit this message" size="sm" disabled={busy} onClick={() => setEditing(true)}>
              <Pencil size={14} aria-hidden />
            </IconButton>
            <IconButton label="Ask all again with a new seed" size="sm" disabled={busy} onClick={again}>
              <RefreshCw size={14} aria-hidden />
            </IconButton>
          </div>
        )}
      </div>
      <div className="grid" style={columns}>
        {panes.map((pane, index) => (
          <AnswerView
            key={pane.id}
            number={index + 1}
            answer={turn.answers[pane.id]}
            onRegenerate={() => answerTurn(turn.id, [pane])}
          />
        ))}
      </div>
    </li>
  );
});

function EditQuestion({ turn, close }: { readonly turn: Turn; readonly close: () => void }) {
  const [text, setText] = useState(turn.user);
  const submit = () => {
    if (!text.trim()) return;
    close();
    editQuestion(turn.id, text.trim());
  };
  return (
    <form
      className="flex flex-col gap-2 px-3 py-2.5"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <TextArea
        aria-label="Your message"
        rows={2}
        autoFocus
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") close();
          if (event.key === "Enter" && !event.shiftKey) {
            event.preventDefault();
            submit();
          }
        }}
      />
      <div className="flex items-center gap-2">
        <Button size="sm" variant="primary" type="submit" disabled={!text.trim()}>
          Ask again
        </Button>
        <Button size="sm" onClick={close}>
          Keep as it was
        </Button>
        <span className="text-xs text-ink-faint">What followed this message is dropped.</span>
      </div>
    </form>
  );
}
