import { type ErrorData, fromErrorData, HoneError } from "@shared/errors";
import type { PhoneChat, PhoneChatLine, PhoneEvent, PhoneFileKind, PhonePageFacts } from "@shared/models/phone";

// Every address is relative to the page's own, which holds the token.

export const askFacts = () => call("api/share", {});
export const tellEvent = (event: PhoneEvent) => call("api/event", post(event));
export const prepareFile = (kind: PhoneFileKind) => call("api/prepare", post({ kind }));
export const fileUrl = (name: string) => `files/${encodeURIComponent(name)}`;

/** Streams one answer; `onText` gets each piece. Gives the end as the computer tells it. */
export async function askComputer(
  chat: PhoneChat,
  onText: (text: string) => void,
  signal: AbortSignal,
): Promise<Extract<PhoneChatLine, { end: unknown }>["end"]> {
  const response = await reach("api/chat", { ...post(chat), signal });
  let rest = "";
  const decoder = new TextDecoder();
  for await (const piece of pieces(response)) {
    rest += decoder.decode(piece, { stream: true });
    const lines = rest.split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const told = JSON.parse(line) as PhoneChatLine;
      if ("end" in told) return told.end;
      onText(told.text);
    }
  }
  throw unreachable();
}

/** The body piece by piece; Safari's streams are no async iterables. */
export async function* pieces(response: Response): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader();
  if (!reader) return;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    reader.cancel().catch(() => undefined);
  }
}

function post(value: unknown): RequestInit {
  return { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(value) };
}

async function call(path: string, init: RequestInit): Promise<PhonePageFacts> {
  return (await reach(path, { ...init, cache: "no-store" })).json() as Promise<PhonePageFacts>;
}

/** Throws what the computer says, "phone.ended" for an address that has ended, or "phone.unreachable". */
export async function reach(path: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, init);
  } catch (error) {
    throw init.signal?.aborted ? error : unreachable();
  }
  if (response.ok) return response;
  if (response.status === 410) {
    throw new HoneError("phone.ended", "This address has ended.", "Scan the new code on the computer.");
  }
  const told = (await response.json().catch(() => null)) as { error?: ErrorData } | null;
  throw told?.error
    ? fromErrorData(told.error)
    : new HoneError("phone.status", `The computer answered with ${response.status}.`, "Load the page again.");
}

function unreachable(): HoneError {
  return new HoneError(
    "phone.unreachable",
    "The computer does not answer.",
    "Check that the sheet is still open there and that this phone is on the same Wi-Fi.",
  );
}
