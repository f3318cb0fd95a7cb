import { describe, expect, it } from "vitest";
import { asked, cell, exportNamed, inParts, prompts } from "./support/exports";
import { inHone, inLlamaCpp, meanSquare } from "./support/logits";

/*
 * Every export in a real llama.cpp (node-llama-cpp). The two round differently (see tests/crosscheck), so logits are compared by
 * mean square, where 1 is as far as a constant; the tuned starter has one answer to each request, which must be the same.
 */
const column = "llama.cpp (node-llama-cpp 3.22.1)";
const largestSquare = 1e-2;

async function compare(row: string, model: string, adapter: string | null, text: string | readonly number[]) {
  const hone = await inHone(model, adapter, text);
  try {
    const peer = await inLlamaCpp(model, adapter, hone.tokens);
    const square = meanSquare(hone.logits, peer.logits, peer.vocabulary);
    cell(row, column, `logits within ${square.toExponential(0)}`);
    return { square, answer: hone.decoded(peer.greedy) };
  } finally {
    hone.close();
  }
}

describe("in llama.cpp", () => {
  const pair = exportNamed("pair");
  const [base = ""] = pair.files("base");
  const [adapter = ""] = pair.files("adapter");
  const request = prompts[0] ?? "";

  it("the base alone has Hone's logits, and answers as the base", async () => {
    const { square, answer } = await compare("base", base, null, asked(request));
    expect(square).toBeLessThan(largestSquare);
    expect(answer).not.toContain('"tool"');
  });

  it("base and adapter have Hone's logits, and answer as the tuned model", async () => {
    const { square, answer } = await compare("base + adapter", base, adapter, asked(request));
    expect(square).toBeLessThan(largestSquare);
    expect(answer).toContain('{"tool":"set_timer","minutes":10}');
  });

  it("the base in parts is the base", async () => {
    const parts = await inParts(base);
    expect(parts.length).toBeGreaterThan(2);
    const { square } = await compare("base in parts + adapter", parts[0] ?? "", adapter, asked(request));
    expect(square).toBeLessThan(largestSquare);
  });

  it.each([
    ["merged Q4_0 (Android app)", "android"],
    ["merged Q4_K_M (iPhone app)", "iphone"],
    ["merged Q8_0", "merged-q8_0"],
    ["merged F16", "merged-f16"],
  ])("%s has Hone's logits, and answers as the tuned model", async (row, name) => {
    const [merged = ""] = exportNamed(name).files("merged");
    const { square, answer } = await compare(row, merged, null, asked(request));
    expect(square).toBeLessThan(largestSquare);
    expect(answer).toContain('{"tool":"set_timer","minutes":10}');
  });

  it.each(["llama-f16", "qwen3-q8_0", "bitnet-tq2_0"])(
    "the fixture %s with its adapter has Hone's logits",
    async (name) => {
      const fixture = exportNamed(`fixture-${name}`);
      const [model = ""] = fixture.files("base");
      const [lora = ""] = fixture.files("adapter");
      const tokens = Array.from({ length: 24 }, (_, index) => (index * 37 + 5) % 200);
      const { square } = await compare(`fixture ${name} + adapter`, model, lora, tokens);
      expect(square).toBeLessThan(largestSquare);
    },
  );
});
