import { describeShare } from "@renderer/features/phone/hooks/describe-share";
import type { PhoneFile, PhoneShare, PhoneTransfer, PhoneVisitor } from "@shared/models/phone";
import { describe, expect, it } from "vitest";
import { phoneShare } from "../../support/mock-data";

const share = (change: Partial<PhoneShare>): PhoneShare => ({
  ...phoneShare,
  visitors: [],
  files: [],
  transfers: [],
  ...change,
});
const [transfer] = phoneShare.transfers as [PhoneTransfer];
const [visitor] = phoneShare.visitors as [PhoneVisitor];
const [file] = phoneShare.files as [PhoneFile];
const text = (change: Partial<PhoneShare>) => describeShare(share(change)).text;

describe("the line of the sheet", () => {
  it("waits, then follows the phone from the page to the proof", () => {
    expect(text({})).toBe("Waiting for a phone to scan the code");
    expect(text({ visitors: [{ ...visitor, answers: 0 }] })).toBe("Android phone 192.168.1.7 opened the page");
    expect(text({ visitors: [visitor] })).toBe("Android phone 192.168.1.7 is chatting: 2 answers");
    expect(
      text({ visitors: [visitor], files: [{ ...file, state: "preparing", progress: 0.4, remainingSeconds: 20 }] }),
    ).toBe("Preparing: merged file for android apps, 40 %, about 20 s left");
    expect(text({ visitors: [visitor], files: [file], transfers: [transfer] })).toBe(
      "300 MB of 812 MB at 19.8 MB/s to Android phone 192.168.1.7",
    );
    expect(text({ transfers: [{ ...transfer, state: "sent", seconds: 41 }] })).toBe(
      "Received 812 MB in 41 s on Android phone 192.168.1.7",
    );
    expect(text({ transfers: [{ ...transfer, state: "verified", seconds: 41 }] })).toBe(
      "Received 812 MB in 41 s and verified on Android phone 192.168.1.7",
    );
    expect(text({ transfers: [{ ...transfer, state: "verified" }], visitors: [{ ...visitor, probed: true }] })).toBe(
      "The adapter answers on Android phone 192.168.1.7",
    );
  });

  it("warns of a drop, a failed file, a missing proof and the end", () => {
    const warned = [
      share({ transfers: [{ ...transfer, state: "broken" }] }),
      share({
        files: [{ ...file, state: "failed", error: { code: "disk.full", message: "the disk is full", hint: "" } }],
      }),
      share({ visitors: [{ ...visitor, probed: false }] }),
      share({ ended: "idle" }),
    ].map(describeShare);
    expect(warned.every(({ tone }) => tone === "warn")).toBe(true);
    expect(warned[0]?.text).toContain("300 MB of 812 MB; the connection dropped");
    expect(warned[1]?.text).toContain("the disk is full");
  });
});
