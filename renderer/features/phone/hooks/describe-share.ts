import { bytes, duration } from "@renderer/lib/format";
import type { PhoneFile, PhoneFileKind, PhoneShare, PhoneTransfer, PhoneVisitor } from "@shared/models/phone";

export interface ShareStatus {
  readonly tone: "waiting" | "busy" | "good" | "warn";
  readonly text: string;
}

/** The one line that says how it stands: the most recent thing of those that matter most. */
export function describeShare({ ended, transfers, files, visitors }: PhoneShare): ShareStatus {
  if (ended) return { tone: "warn", text: endings[ended] };
  const running = transfers.find(({ state }) => state === "running");
  if (running) return { tone: "busy", text: describeTransfer(running) };
  const making = files.find(({ state }) => state === "preparing");
  if (making) return { tone: "busy", text: describeMaking(making) };
  const failed = files.find(({ state }) => state === "failed");
  if (failed?.error) return { tone: "warn", text: `${fileTitles[failed.kind]}: ${failed.error.message}` };
  const broken = transfers.find(({ state }) => state === "broken");
  if (broken) return { tone: "warn", text: describeTransfer(broken) };
  const probed = visitors.find((visitor) => visitor.probed !== null);
  if (probed) {
    return probed.probed
      ? { tone: "good", text: `The adapter answers on ${probed.phone}` }
      : { tone: "warn", text: `On ${probed.phone} the answer is not that of the adapter` };
  }
  const last = transfers.at(-1);
  if (last) return { tone: "good", text: describeTransfer(last) };
  const visitor = visitors.at(-1);
  if (visitor) return { tone: "good", text: describeVisitor(visitor) };
  return { tone: "waiting", text: "Waiting for a phone to scan the code" };
}

const endings = {
  closed: "Stopped; the address leads nowhere any more",
  idle: "Stopped after 15 minutes without a phone; the address leads nowhere any more",
  "window-gone": "Stopped because this window did not answer; the address leads nowhere any more",
} as const;

export const fileTitles: Readonly<Record<PhoneFileKind, string>> = {
  android: "Merged file for Android apps",
  iphone: "Merged file for iPhone apps",
  adapter: "Adapter alone",
  base: "Base model",
};

export function describeMaking({ kind, progress, remainingSeconds }: PhoneFile): string {
  const share = progress === null ? "" : `, ${Math.round(progress * 100)} %`;
  const left = remainingSeconds === null ? "" : `, about ${duration(remainingSeconds)} left`;
  return `Preparing: ${fileTitles[kind].toLowerCase()}${share}${left}`;
}

export function describeTransfer(transfer: PhoneTransfer): string {
  const { state, sentBytes, totalBytes, bytesPerSecond, seconds, phone } = transfer;
  const took = `${bytes(totalBytes)} in ${duration(seconds)}`;
  switch (state) {
    case "running":
      return `${bytes(sentBytes)} of ${bytes(totalBytes)} at ${bytes(bytesPerSecond)}/s to ${phone}`;
    case "broken":
      return `${phone} has ${bytes(sentBytes)} of ${bytes(totalBytes)}; the connection dropped, and the phone may go on`;
    case "sent":
      return `Received ${took} on ${phone}`;
    case "verified":
      return `Received ${took} and verified on ${phone}`;
  }
}

function describeVisitor({ phone, answers, ranInBrowser }: PhoneVisitor): string {
  if (ranInBrowser) return `${phone} runs it in its browser`;
  if (answers > 0) return `${phone} is chatting: ${answers} ${answers === 1 ? "answer" : "answers"}`;
  return `${phone} opened the page`;
}
