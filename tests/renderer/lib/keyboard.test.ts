import { spell } from "@renderer/lib/keyboard";
import { describe, expect, it } from "vitest";

const press = (key: string, change: Partial<Parameters<typeof spell>[0]> = {}) =>
  spell({ key, code: "", ctrlKey: false, metaKey: false, altKey: false, ...change });

describe("spelling a key press", () => {
  it("writes plain keys as they are", () => {
    expect(press("g")).toBe("g");
    expect(press("?")).toBe("?");
  });

  it("takes Ctrl and ⌘ for the same", () => {
    expect(press("k", { ctrlKey: true })).toBe("mod+k");
    expect(press("K", { metaKey: true })).toBe("mod+k");
  });

  it("reads Alt and a digit from the key's place, whatever it types", () => {
    expect(press("¡", { altKey: true, code: "Digit1" })).toBe("alt+1");
  });
});
