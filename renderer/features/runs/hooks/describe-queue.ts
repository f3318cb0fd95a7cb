import { describeHolds } from "@shared/models/queue-words";
import type { QueueState } from "@shared/models/run";

/** Whether the queue is live or held, by whom and until when, in one or two sentences. */
export function describeQueue({ held, holds }: QueueState, waiting: number): string {
  const many = `${waiting} ${waiting === 1 ? "run waits" : "runs wait"}`;
  const machine = describeHolds(holds);
  if (held) {
    const words = `The queue is held: ${waiting === 0 ? "new runs wait" : many} until you let it go on.`;
    return machine ? `${words} Also: ${machine}` : `${words} A run at work is not stopped.`;
  }
  if (machine) return `The queue waits. ${machine} It goes on by itself.`;
  if (waiting === 0) return "The queue is live: a new run begins by itself.";
  return `The queue is live: ${many} and ${waiting === 1 ? "begins by itself" : "begin by themselves"}.`;
}
