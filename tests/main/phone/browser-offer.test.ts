import { browserOffer } from "@main/phone/browser-offer";
import { phoneFileName } from "@main/phone/files";
import type { ModelInfo } from "@shared/models/model";
import { describe, expect, it } from "vitest";

const model = (change: Partial<ModelInfo>) =>
  ({ path: "/models/base.gguf", fileBytes: 3e8, activation: { kind: "silu", source: "file" }, ...change }) as ModelInfo;

describe("a base for a phone's browser", () => {
  it("is told beforehand not to fit, by what each system bears", () => {
    expect(browserOffer(model({})).whyNot).toEqual({ android: "", iphone: "" });
    const { android, iphone } = browserOffer(model({ fileBytes: 8e8 })).whyNot;
    expect(android).toBe("");
    expect(iphone).toBe("The base has 0.8 GB; a tab of this phone's browser bears about 0.4 GB.");
    expect(browserOffer(model({ fileBytes: 2e9 })).whyNot.android).toContain("about 1.0 GB");
  });

  it("is not offered where the engine would compute something else, or not find all of it", () => {
    expect(browserOffer(model({ activation: { kind: "relu2", source: "file" } })).whyNot.android).toMatch(/activation/);
    expect(browserOffer(model({ path: "/models/base-00001-of-00003.gguf" })).whyNot.iphone).toMatch(/several files/);
  });
});

describe("the name of a file on a phone", () => {
  it("is one that every system takes", () => {
    expect(phoneFileName("Wecker für Åsa & Co.", "Q4_0")).toBe("wecker-fur-asa-co.q4_0.gguf");
    expect(phoneFileName("../../etc/passwd", "lora-F16")).toBe("etc-passwd.lora-f16.gguf");
    expect(phoneFileName("目覚まし", "q8_0")).toBe("hone.q8_0.gguf");
    expect(phoneFileName("x".repeat(300), "q8_0")).toHaveLength(60 + ".q8_0.gguf".length);
  });
});
