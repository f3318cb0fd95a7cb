import { speed } from "@renderer/lib/format";
import { askComputer } from "@renderer/phone/api";
import { type Answerer, Chat } from "@renderer/phone/chat";
import { fromErrorData } from "@shared/errors";
import type { PhonePageFacts } from "@shared/models/phone";

/** Computed on the computer: works on every phone. */
export function ChatNow({ facts }: { readonly facts: PhonePageFacts }) {
  return (
    <>
      <p className="mb-2 text-sm text-ink-soft">
        Your computer answers. What you write goes to it over the Wi-Fi and nowhere else.
      </p>
      <Chat name={facts.name} probe={facts.probe} answer={computer} />
    </>
  );
}

const computer: Answerer = async (chat, onText, signal) => {
  const { withAdapter, modelName, tokens, tokensPerSecond, error } = await askComputer(chat, onText, signal);
  if (error) throw fromErrorData(error);
  const what = withAdapter ? "with the adapter" : "without an adapter";
  return `${modelName ?? "The model"}, ${what}, on your computer · ${tokens} tokens, ${speed(tokensPerSecond)}`;
};
