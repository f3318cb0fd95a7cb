import {
  ago,
  bytes,
  count,
  counted,
  digest,
  duration,
  fileName,
  loss,
  percent,
  rate,
  short,
  speed,
} from "@renderer/lib/format";
import { describe, expect, it } from "vitest";

describe("numbers in words", () => {
  it("writes counts with thousands and their nouns", () => {
    expect(count(1234567)).toBe("1,234,567");
    expect(counted(1, "row")).toBe("1 row");
    expect(counted(1200, "row")).toBe("1,200 rows");
  });

  it("writes bytes in decimal units with three digits", () => {
    expect(bytes(0)).toBe("0 B");
    expect(bytes(999)).toBe("999 B");
    expect(bytes(4_213_112)).toBe("4.21 MB");
    expect(bytes(999_960)).toBe("1.00 MB");
    expect(bytes(16_600_000_000)).toBe("16.6 GB");
    expect(bytes(273_000_000)).toBe("273 MB");
  });

  it("shortens large numbers without idle zeros", () => {
    expect(short(950)).toBe("950");
    expect(short(9_400_000)).toBe("9.4 M");
    expect(short(729_000_000)).toBe("729 M");
    expect(short(1_000_000)).toBe("1 M");
  });

  it("writes durations as a person would say them", () => {
    expect(duration(0.3)).toBe("under 1 s");
    expect(duration(59.4)).toBe("59 s");
    expect(duration(60)).toBe("1 min");
    expect(duration(95)).toBe("1 min 35 s");
    expect(duration(1500)).toBe("25 min");
    expect(duration(7300)).toBe("2 h 2 min");
    expect(duration(7199)).toBe("2 h");
    expect(duration(200_000)).toBe("2 days");
    expect(duration(Number.POSITIVE_INFINITY)).toBe("unknown");
  });

  it("writes shares, losses, rates and speeds", () => {
    expect(percent(0)).toBe("0 %");
    expect(percent(0.9333)).toBe("93.3 %");
    expect(percent(1)).toBe("100 %");
    expect(loss(null)).toBe("–");
    expect(loss(3.2144)).toBe("3.214");
    expect(loss(0.04213)).toBe("0.0421");
    expect(loss(Number.NaN)).toBe("NaN");
    expect(rate(0.0003)).toBe("3e-4");
    expect(rate(0.00123)).toBe("1.23e-3");
    expect(rate(0)).toBe("0");
    expect(speed(5210.4)).toBe("5,210 tokens/s");
    expect(speed(26.04)).toBe("26.0 tokens/s");
  });
});

describe("names and times", () => {
  it("takes the last part of a path of either kind of system", () => {
    expect(fileName("/home/ada/data.jsonl")).toBe("data.jsonl");
    expect(fileName("C:\\data\\rows.csv")).toBe("rows.csv");
  });

  it("shortens a digest to eight digits", () => {
    expect(digest("0123456789abcdef")).toBe("01234567");
  });

  it("says how long ago something was", () => {
    const now = Date.parse("2026-01-10T12:00:00Z");
    expect(ago("2026-01-10T11:59:40Z", now)).toBe("just now");
    expect(ago("2026-01-10T11:15:00Z", now)).toBe("45 min ago");
    expect(ago("2026-01-10T03:00:00Z", now)).toBe("9 h ago");
    expect(ago("2026-01-02T12:00:00Z", now)).toBe("2 Jan 2026");
  });
});
