import { isWithin, nextOpening } from "@main/power/hours";
import { describe, expect, it } from "vitest";

const at = (hour: number, minute = 0) => new Date(2026, 2, 10, hour, minute);
const night = { from: "22:00", to: "07:00" };

describe("hours", () => {
  it("may lie around midnight", () => {
    expect([21, 22, 23, 0, 6, 7, 12].map((hour) => isWithin(night, at(hour)))).toEqual([
      false,
      true,
      true,
      true,
      true,
      false,
      false,
    ]);
    expect(isWithin(night, at(6, 59))).toBe(true);
    expect(isWithin(night, at(21, 59))).toBe(false);
  });

  it("may lie within a day, and two equal times are all of it", () => {
    expect([8, 9, 16, 17].map((hour) => isWithin({ from: "09:00", to: "17:00" }, at(hour)))).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect(isWithin({ from: "09:00", to: "09:00" }, at(3))).toBe(true);
  });

  it("open next at their beginning, today or tomorrow", () => {
    expect(nextOpening(night, at(12))).toEqual(at(22));
    expect(nextOpening(night, at(23))).toEqual(new Date(2026, 2, 11, 22));
  });
});
