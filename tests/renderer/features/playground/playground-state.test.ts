import {
  conversationOf,
  emptyPlayground,
  isBusy,
  type PlaygroundAction,
  type PlaygroundState,
  playgroundReducer,
} from "@renderer/features/playground/hooks/playground-state";
import type { GenerationEnd } from "@shared/models/chat";
import { describe, expect, it } from "vitest";

const play = (actions: readonly PlaygroundAction[], from: PlaygroundState = emptyPlayground) =>
  actions.reduce(playgroundReducer, from);
const asked = (id: string, user: string): PlaygroundAction => ({ type: "asked", turn: { id, user, answers: {} } });
const end = (generationId: string, change: Partial<GenerationEnd> = {}): GenerationEnd => ({
  generationId,
  reason: "end",
  promptTokens: 3,
  tokens: 2,
  tokensPerSecond: 10,
  promptTokensPerSecond: 20,
  provenance: { modelName: "m", adapters: [] },
  error: null,
  ...change,
});

const answered = play([
  {
    type: "panes",
    panes: [
      { id: "a", modelId: "m", adapters: [] },
      { id: "b", modelId: "m", adapters: [] },
    ],
  },
  { type: "system", system: "Be short." },
  asked("t1", "Hello"),
  { type: "waiting", turnId: "t1", paneIds: ["a", "b"] },
  { type: "started", turnId: "t1", paneId: "a", generationId: "g1" },
  { type: "started", turnId: "t1", paneId: "b", generationId: "g2" },
  {
    type: "grew",
    texts: new Map([
      ["g1", "Hi"],
      ["g2", "Good "],
    ]),
  },
  { type: "grew", texts: new Map([["g2", "day"]]) },
  { type: "ended", end: end("g1") },
  { type: "ended", end: end("g2", { reason: "length" }) },
]);

describe("the playground", () => {
  it("gathers each pane's text and keeps what the engine said about it", () => {
    expect(answered.turns[0]?.answers.a).toMatchObject({
      state: "ended",
      text: "Hi",
      end: { provenance: { adapters: [] } },
    });
    expect(answered.turns[0]?.answers.b).toMatchObject({ text: "Good day", end: { reason: "length" } });
    expect(isBusy(answered)).toBe(false);
  });

  it("gives each pane its own past", () => {
    const next = play([asked("t2", "And now?")], answered);
    expect(conversationOf(next, "b", "t2")).toEqual([
      { role: "system", content: "Be short." },
      { role: "user", content: "Hello" },
      { role: "assistant", content: "Good day" },
      { role: "user", content: "And now?" },
    ]);
  });

  it("skips the turns that a later pane has not answered", () => {
    const next = play([asked("t2", "And now?")], answered);
    expect(conversationOf(next, "late", "t2").map(({ content }) => content)).toEqual(["Be short.", "And now?"]);
  });

  it("drops what followed an edited question", () => {
    const next = play([asked("t2", "And now?"), { type: "edited", turnId: "t1", user: "Hallo" }], answered);
    expect(next.turns).toMatchObject([{ id: "t1", user: "Hallo", answers: {} }]);
  });

  it("starts an answer afresh when it is asked for again", () => {
    const next = play([{ type: "waiting", turnId: "t1", paneIds: ["a"] }], answered);
    expect(next.turns[0]?.answers.a).toMatchObject({ state: "waiting", text: "", end: null });
    expect(next.turns[0]?.answers.b?.text).toBe("Good day");
    expect(isBusy(next)).toBe(true);
  });

  it("leaves other turns as the same objects while one grows", () => {
    const more = play(
      [
        asked("t2", "x"),
        { type: "waiting", turnId: "t2", paneIds: ["a"] },
        { type: "started", turnId: "t2", paneId: "a", generationId: "g3" },
      ],
      answered,
    );
    const grown = play([{ type: "grew", texts: new Map([["g3", "y"]]) }], more);
    expect(grown.turns[0]).toBe(more.turns[0]);
    expect(grown.turns[1]).not.toBe(more.turns[1]);
  });

  it("ends what is under way when no more news will come", () => {
    const waiting = play([{ type: "waiting", turnId: "t1", paneIds: ["a"] }], answered);
    const cut = play([{ type: "cut-off", error: { code: "ipc.lost", message: "lost", hint: "" } }], waiting);
    expect(cut.turns[0]?.answers.a).toMatchObject({ state: "ended", error: { code: "ipc.lost" } });
    expect(cut.turns[0]?.answers.b?.error).toBeNull();
  });

  it("has room for four panes", () => {
    const panes = Array.from({ length: 6 }, (_, index) => ({ id: `p${index}`, modelId: "m", adapters: [] }));
    expect(play([{ type: "panes", panes }]).panes).toHaveLength(4);
  });
});
