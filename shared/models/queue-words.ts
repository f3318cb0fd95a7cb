import type { QueueHold } from "@shared/models/run";

const when = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });

/** Why training waits, as sentences; "" when it does not. */
export function describeHolds(holds: readonly QueueHold[]): string {
  return holds.map(describeHold).join(" ");
}

function describeHold(hold: QueueHold): string {
  switch (hold.why) {
    case "battery":
      return `The battery is below ${hold.floor} % and the machine is not plugged in.`;
    case "heat":
      return "The machine is too hot.";
    case "hours":
      return `It is not the time for training, which begins at ${when.format(new Date(hold.opensAt))}.`;
    case "disk":
      return "The disk is full; free some space on it.";
  }
}
