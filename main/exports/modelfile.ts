import type { EngineClient } from "@main/engine/client";
import type { ModelRef } from "@shared/engine/protocol";
import type { ChatMessage } from "@shared/models/dataset";

/** Texts that no template writes by itself. */
const marks = { system: "\u0001S\u0001", first: "\u0001U1\u0001", answer: "\u0001A1\u0001", second: "\u0001U2\u0001" };

/** For Ollama; both paths are relative to the folder. `template` is its own text, null to leave the choice to Ollama. */
export function modelfileText(base: string, adapter: string, template: string | null): string {
  const lines = [`FROM "./${base}"`, `ADAPTER "./${adapter}"`];
  if (template !== null) lines.push(`TEMPLATE """${template}"""`);
  return `${lines.join("\n")}\n`;
}

/** The pieces of text that stand around each message; what a Jinja template comes down to where it is plain. */
interface Turns {
  readonly beforeSystem: string;
  readonly afterSystem: string;
  readonly beforeUser: string;
  /** Ends the question and begins the answer. */
  readonly afterUser: string;
  readonly afterAnswer: string;
}

/**
 * The model's chat template in the language of Ollama, where it comes down to fixed texts around each message; null where it does
 * more. Found by rendering, and proved by rendering a longer conversation both ways.
 */
export async function ollamaTemplate(engine: EngineClient, model: ModelRef): Promise<string | null> {
  const { system, first, answer, second } = marks;
  const user = (content: string): ChatMessage => ({ role: "user", content });
  const assistant = (content: string): ChatMessage => ({ role: "assistant", content });
  const proof: ChatMessage[] = [
    { role: "system", content: "Be kind." },
    user("One?"),
    assistant("First."),
    user("Two?"),
    assistant("Second."),
    user("Three?"),
  ];
  const conversations = [
    [user(first), assistant(answer), user(second)],
    [{ role: "system" as const, content: system }, user(first)],
    proof,
    proof.slice(1),
  ];
  const rendered = await engine.models.prompts({ model, conversations }).catch(() => null);
  if (!rendered) return null;
  const [plain = "", withSystem = "", ...proofs] = rendered.texts.map((text) =>
    rendered.bos !== "" && text.startsWith(rendered.bos) ? text.slice(rendered.bos.length) : text,
  );
  const turns = turnsOf(plain, withSystem);
  if (!turns || [...Object.values(turns)].some((text) => text.includes("{{") || text.includes('"""'))) return null;
  const same = [proof, proof.slice(1)].every((messages, index) => renderTurns(turns, messages) === proofs[index]);
  return same ? goTemplate(turns) : null;
}

function turnsOf(plain: string, withSystem: string): Turns | null {
  const [beforeUser, afterUser, between, end] = splitAt(plain, [marks.first, marks.answer, marks.second]);
  const [beforeSystem, afterSystem, endWithSystem] = splitAt(withSystem, [marks.system, marks.first]);
  if (beforeUser === undefined || afterUser === undefined || between === undefined) return null;
  if (beforeSystem === undefined || afterSystem === undefined) return null;
  if (end !== afterUser || endWithSystem !== afterUser) return null;
  if (!between.endsWith(beforeUser) || !afterSystem.endsWith(beforeUser)) return null;
  return {
    beforeSystem,
    afterSystem: afterSystem.slice(0, afterSystem.length - beforeUser.length),
    beforeUser,
    afterUser,
    afterAnswer: between.slice(0, between.length - beforeUser.length),
  };
}

/** The texts before, between and after the marks; empty unless each occurs once, in order. */
function splitAt(text: string, inOrder: readonly string[]): string[] {
  const parts: string[] = [];
  let rest = text;
  for (const mark of inOrder) {
    const pieces = rest.split(mark);
    if (pieces.length !== 2) return [];
    parts.push(pieces[0] ?? "");
    rest = pieces[1] ?? "";
  }
  return [...parts, rest];
}

function renderTurns(turns: Turns, messages: readonly ChatMessage[]): string {
  const around: Record<ChatMessage["role"], readonly [string, string]> = {
    system: [turns.beforeSystem, turns.afterSystem],
    user: [turns.beforeUser, turns.afterUser],
    assistant: ["", turns.afterAnswer],
  };
  return messages.map(({ role, content }) => `${around[role][0]}${content}${around[role][1]}`).join("");
}

/** Tags are joined without white space between them, because Ollama would print it. */
function goTemplate(turns: Turns): string {
  const { beforeSystem, afterSystem, beforeUser, afterUser, afterAnswer } = turns;
  return [
    "{{ range .Messages }}",
    `{{ if eq .Role "system" }}${beforeSystem}{{ .Content }}${afterSystem}`,
    `{{ else if eq .Role "user" }}${beforeUser}{{ .Content }}${afterUser}`,
    `{{ else if eq .Role "assistant" }}{{ .Content }}${afterAnswer}`,
    "{{ end }}{{ end }}",
  ].join("");
}
