import type { Conversation } from "@shared/models/dataset";
import { clsx } from "clsx";

const roleNames = { system: "System", user: "User", assistant: "Answer" } as const;

export function ConversationSample({ conversations }: { readonly conversations: readonly Conversation[] }) {
  return (
    <ol className="flex flex-col divide-y divide-line">
      {conversations.map((conversation) => (
        <li key={conversation.line} className="grid grid-cols-[4rem_1fr] gap-3 py-2.5 first:pt-0 last:pb-0">
          <span className="num text-sm text-ink-faint">Line {conversation.line}</span>
          <dl className="flex min-w-0 flex-col gap-1">
            {conversation.messages.map((message, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a row's messages never move
              <div key={index} className="grid grid-cols-[4.5rem_1fr] gap-2">
                <dt
                  className={clsx(
                    "text-sm",
                    message.role === "assistant" ? "font-medium text-accent" : "text-ink-faint",
                  )}
                >
                  {roleNames[message.role]}
                </dt>
                <dd className="line-clamp-4 min-w-0 break-words whitespace-pre-wrap">{message.content}</dd>
              </div>
            ))}
          </dl>
        </li>
      ))}
    </ol>
  );
}
