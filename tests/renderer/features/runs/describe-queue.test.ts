import { describeQueue } from "@renderer/features/runs/hooks/describe-queue";
import { describe, expect, it } from "vitest";

describe("the line above the queue", () => {
  it("says that it is live", () => {
    expect(describeQueue({ held: false, holds: [] }, 0)).toBe("The queue is live: a new run begins by itself.");
    expect(describeQueue({ held: false, holds: [] }, 1)).toBe("The queue is live: 1 run waits and begins by itself.");
    expect(describeQueue({ held: false, holds: [] }, 3)).toContain("3 runs wait and begin by themselves");
  });

  it("says that the person holds it", () => {
    expect(describeQueue({ held: true, holds: [] }, 2)).toBe(
      "The queue is held: 2 runs wait until you let it go on. A run at work is not stopped.",
    );
  });

  it("says what the machine waits for, and that it goes on by itself", () => {
    expect(describeQueue({ held: false, holds: [{ why: "battery", floor: 30 }] }, 1)).toBe(
      "The queue waits. The battery is below 30 % and the machine is not plugged in. It goes on by itself.",
    );
    const opensAt = new Date(2026, 0, 1, 22, 0).toISOString();
    expect(describeQueue({ held: false, holds: [{ why: "heat" }, { why: "hours", opensAt }] }, 1)).toBe(
      "The queue waits. The machine is too hot. It is not the time for training, which begins at 22:00. It goes on by itself.",
    );
    expect(describeQueue({ held: true, holds: [{ why: "heat" }] }, 0)).toContain("Also: The machine is too hot.");
  });
});
