import { bridge, onLinkState } from "@renderer/lib/bridge";
import { type ErrorData, toErrorData } from "@shared/errors";
import type { GenerationEnd } from "@shared/models/chat";
import { useSyncExternalStore } from "react";
import {
  conversationOf,
  emptyPlayground,
  type Pane,
  type PlaygroundAction,
  type PlaygroundState,
  playgroundReducer,
  type Turn,
} from "./playground-state";

const storageKey = "hone.playground";
const flushMilliseconds = 33;

/** Lives beside the pages, so that answers go on while another page is open. */
let state: PlaygroundState = restore();
const listeners = new Set<() => void>();
/** Text not yet on screen, by generation; news may come before the answer that names the generation. */
const unshown = new Map<string, string>();
const earlyEnds = new Map<string, GenerationEnd>();
let flushTimer: ReturnType<typeof setTimeout> | undefined;
let saveTimer: ReturnType<typeof setTimeout> | undefined;

export function dispatch(action: PlaygroundAction): void {
  const next = playgroundReducer(state, action);
  if (next === state) return;
  state = next;
  for (const listener of listeners) listener();
  if (saveTimer === undefined) saveTimer = setTimeout(save, 500);
}

export function usePlayground(): PlaygroundState {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    () => state,
  );
}

let lastId = 0;
const freshId = (kind: string) => `${kind}-${Date.now().toString(36)}-${++lastId}`;

export function newPane(modelId: string, adapters: Pane["adapters"] = []): Pane {
  return { id: freshId("pane"), modelId, adapters };
}

/** Puts one question to every pane. */
export function ask(user: string): void {
  const turn: Turn = { id: freshId("turn"), user, answers: {} };
  dispatch({ type: "asked", turn });
  answerTurn(turn.id, state.panes);
}

export function editQuestion(turnId: string, user: string): void {
  stopAll();
  dispatch({ type: "edited", turnId, user });
  answerTurn(turnId, state.panes);
}

/** Asks the panes again for this turn; one answer or all. */
export function answerTurn(turnId: string, panes: readonly Pane[]): void {
  dispatch({ type: "waiting", turnId, paneIds: panes.map(({ id }) => id) });
  for (const pane of panes) void generate(turnId, pane);
}

async function generate(turnId: string, pane: Pane): Promise<void> {
  try {
    const { generationId } = await bridge().playground.generate({
      modelId: pane.modelId,
      adapters: pane.adapters.map((adapter) => ({ ...adapter })),
      messages: conversationOf(state, pane.id, turnId),
      sampling: { ...state.sampling, stop: [...state.sampling.stop] },
    });
    dispatch({ type: "started", turnId, paneId: pane.id, generationId });
    flush();
    const end = earlyEnds.get(generationId);
    if (end) finish(end);
    else if (!isListed(generationId))
      void bridge()
        .playground.stop({ generationId })
        .catch(() => undefined);
  } catch (error) {
    dispatch({ type: "failed", turnId, paneId: pane.id, error: toErrorData(error) });
  }
}

function isListed(generationId: string): boolean {
  return state.turns.some((turn) => Object.values(turn.answers).some((answer) => answer.generationId === generationId));
}

export function stopAll(): void {
  for (const turn of state.turns) {
    for (const answer of Object.values(turn.answers)) {
      if (answer.state !== "ended" && answer.generationId) stop(answer.generationId);
    }
  }
}

export function stop(generationId: string): void {
  bridge()
    .playground.stop({ generationId })
    .catch(() => undefined);
}

function flush(): void {
  clearTimeout(flushTimer);
  flushTimer = undefined;
  const texts = new Map([...unshown].filter(([id]) => isListed(id)));
  for (const id of texts.keys()) unshown.delete(id);
  if (texts.size > 0) dispatch({ type: "grew", texts });
}

function finish(end: GenerationEnd): void {
  flush();
  earlyEnds.delete(end.generationId);
  if (isListed(end.generationId)) dispatch({ type: "ended", end });
  else {
    if (earlyEnds.size > 64) earlyEnds.clear();
    earlyEnds.set(end.generationId, end);
  }
}

const lost: ErrorData = {
  code: "ipc.lost",
  message: "The connection was lost while this answer was being written.",
  hint: "Press “Regenerate” when the connection is back.",
};

export function followPlayground(): () => void {
  const stops = [
    bridge().playground.token(({ generationId, text }) => {
      unshown.set(generationId, (unshown.get(generationId) ?? "") + text);
      flushTimer ??= setTimeout(flush, flushMilliseconds);
    }),
    bridge().playground.end(finish),
    onLinkState((link) => {
      if (link !== "open") dispatch({ type: "cut-off", error: lost });
    }),
  ];
  return () => {
    for (const unfollow of stops) unfollow();
  };
}

function save(): void {
  saveTimer = undefined;
  try {
    sessionStorage.setItem(storageKey, JSON.stringify(state));
  } catch {
    sessionStorage.removeItem(storageKey);
  }
}

/** A reload keeps panes and conversation; an answer that was under way is marked as cut off. */
function restore(): PlaygroundState {
  try {
    const kept = sessionStorage.getItem(storageKey);
    if (!kept) return emptyPlayground;
    const saved = { ...emptyPlayground, ...(JSON.parse(kept) as Partial<PlaygroundState>) };
    const error: ErrorData = {
      code: "window.reloaded",
      message: "The window was reloaded while this answer was being written.",
      hint: "Press “Regenerate” to ask again.",
    };
    return playgroundReducer(saved, { type: "cut-off", error });
  } catch {
    return emptyPlayground;
  }
}
