import type { ErrorData } from "@shared/errors";
import {
  type ActiveAdapter,
  type ActiveCheckpoint,
  defaultSampling,
  type GenerationEnd,
  type Sampling,
} from "@shared/models/chat";
import type { ChatMessage } from "@shared/models/dataset";

/** An adapter, or what a run had learned at one of its checkpoints. */
export type Active = ActiveAdapter | ActiveCheckpoint;

/** The same for the same adapter, whatever its strength. */
export function keyOf(active: Active): string {
  return "adapterId" in active ? active.adapterId : `${active.runId} at ${active.step}`;
}

/** One column: a model with the adapters a person chose for it. What really answers is said by each answer's provenance. */
export interface Pane {
  readonly id: string;
  readonly modelId: string;
  readonly adapters: readonly Active[];
}

export interface Answer {
  readonly state: "waiting" | "streaming" | "ended";
  readonly generationId: string | null;
  readonly text: string;
  readonly end: GenerationEnd | null;
  readonly error: ErrorData | null;
}

export interface Turn {
  readonly id: string;
  readonly user: string;
  readonly answers: Readonly<Record<string, Answer>>;
}

export interface PlaygroundState {
  readonly panes: readonly Pane[];
  readonly system: string;
  readonly sampling: Sampling;
  readonly turns: readonly Turn[];
}

export const emptyPlayground: PlaygroundState = { panes: [], system: "", sampling: defaultSampling, turns: [] };

export const mostPanes = 4;

export type PlaygroundAction =
  | { readonly type: "panes"; readonly panes: readonly Pane[] }
  | { readonly type: "pane"; readonly pane: Pane }
  | { readonly type: "system"; readonly system: string }
  | { readonly type: "sampling"; readonly sampling: Partial<Sampling> }
  | { readonly type: "clear" }
  | { readonly type: "asked"; readonly turn: Turn }
  /** The question at `turnId` becomes `user`; what followed it is dropped. */
  | { readonly type: "edited"; readonly turnId: string; readonly user: string }
  | { readonly type: "waiting"; readonly turnId: string; readonly paneIds: readonly string[] }
  | { readonly type: "started"; readonly turnId: string; readonly paneId: string; readonly generationId: string }
  | { readonly type: "grew"; readonly texts: ReadonlyMap<string, string> }
  | { readonly type: "ended"; readonly end: GenerationEnd }
  | { readonly type: "failed"; readonly turnId: string; readonly paneId: string; readonly error: ErrorData }
  /** No more news will come for what is under way. */
  | { readonly type: "cut-off"; readonly error: ErrorData };

const waitingAnswer: Answer = { state: "waiting", generationId: null, text: "", end: null, error: null };

export function playgroundReducer(state: PlaygroundState, action: PlaygroundAction): PlaygroundState {
  switch (action.type) {
    case "panes":
      return { ...state, panes: action.panes.slice(0, mostPanes) };
    case "pane":
      return { ...state, panes: state.panes.map((pane) => (pane.id === action.pane.id ? action.pane : pane)) };
    case "system":
      return { ...state, system: action.system };
    case "sampling":
      return { ...state, sampling: { ...state.sampling, ...action.sampling } };
    case "clear":
      return { ...state, turns: [] };
    case "asked":
      return { ...state, turns: [...state.turns, action.turn] };
    case "edited": {
      const at = state.turns.findIndex((turn) => turn.id === action.turnId);
      const turn = state.turns[at];
      return turn
        ? { ...state, turns: [...state.turns.slice(0, at), { ...turn, user: action.user, answers: {} }] }
        : state;
    }
    case "waiting":
      return changeTurn(state, action.turnId, (turn) => ({
        ...turn,
        answers: { ...turn.answers, ...Object.fromEntries(action.paneIds.map((id) => [id, waitingAnswer])) },
      }));
    case "started":
      return changeTurn(state, action.turnId, (turn) =>
        withAnswer(turn, action.paneId, { generationId: action.generationId }),
      );
    case "failed":
      return changeTurn(state, action.turnId, (turn) =>
        withAnswer(turn, action.paneId, { state: "ended", error: action.error }),
      );
    case "grew":
      return changeAnswers(state, (answer) => {
        const text = answer.generationId === null ? undefined : action.texts.get(answer.generationId);
        return text === undefined ? answer : { ...answer, state: "streaming", text: answer.text + text };
      });
    case "ended":
      return changeAnswers(state, (answer) =>
        answer.generationId === action.end.generationId
          ? { ...answer, state: "ended", end: action.end, error: action.end.error }
          : answer,
      );
    case "cut-off":
      return changeAnswers(state, (answer) =>
        answer.state === "ended" ? answer : { ...answer, state: "ended", error: action.error },
      );
  }
}

function changeTurn(state: PlaygroundState, turnId: string, change: (turn: Turn) => Turn): PlaygroundState {
  return { ...state, turns: state.turns.map((turn) => (turn.id === turnId ? change(turn) : turn)) };
}

function withAnswer(turn: Turn, paneId: string, change: Partial<Answer>): Turn {
  const answer = turn.answers[paneId];
  return answer ? { ...turn, answers: { ...turn.answers, [paneId]: { ...answer, ...change } } } : turn;
}

/** Leaves untouched turns as the same objects, so that only growing answers are drawn again. */
function changeAnswers(state: PlaygroundState, change: (answer: Answer) => Answer): PlaygroundState {
  let changed = false;
  const turns = state.turns.map((turn) => {
    const entries = Object.entries(turn.answers);
    const next = entries.map(([id, answer]) => [id, change(answer)] as const);
    if (next.every(([, answer], index) => answer === entries[index]?.[1])) return turn;
    changed = true;
    return { ...turn, answers: Object.fromEntries(next) };
  });
  return changed ? { ...state, turns } : state;
}

/** What one pane has been through up to the question of `turnId`: its own answers only, each pane its own past. */
export function conversationOf(state: PlaygroundState, paneId: string, turnId: string): ChatMessage[] {
  const messages: ChatMessage[] = [];
  if (state.system.trim()) messages.push({ role: "system", content: state.system });
  for (const turn of state.turns) {
    if (turn.id === turnId) {
      messages.push({ role: "user", content: turn.user });
      break;
    }
    const answer = turn.answers[paneId];
    if (!answer?.text) continue;
    messages.push({ role: "user", content: turn.user }, { role: "assistant", content: answer.text });
  }
  return messages;
}

export function isBusy(state: PlaygroundState): boolean {
  return state.turns.some((turn) => Object.values(turn.answers).some((answer) => answer.state !== "ended"));
}
