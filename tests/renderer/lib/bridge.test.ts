import { bridge, startBridge } from "@renderer/lib/bridge";
import { steadyLink } from "@renderer/lib/socket-port";
import type { GenerationToken } from "@shared/models/chat";
import { beforeAll, describe, expect, it } from "vitest";
import { pipe, serveMock } from "../support/mock-services";

describe("the bridge to the services", () => {
  beforeAll(() => {
    const [mine, theirs] = pipe();
    serveMock(theirs);
    startBridge(steadyLink(mine));
  });

  it("answers calls with what the contract promises", async () => {
    expect((await bridge().models.list()).map(({ origin }) => origin)).toContain("starter");
    expect(await bridge().settings.set({ theme: "dark" })).toMatchObject({ theme: "dark" });
  });

  it("rejects with the code, the message and the hint of the other side", async () => {
    await expect(bridge().runs.get({ id: "nobody" })).rejects.toMatchObject({
      code: "not-found",
      message: 'Nothing goes by the id "nobody".',
      hint: expect.stringContaining("open the list again"),
    });
  });

  it("refuses input that does not fit before it reaches a service", async () => {
    await expect(bridge().datasets.rename({ id: "starter", name: "  " })).rejects.toMatchObject({ code: "ipc.input" });
  });

  it("brings news in order", async () => {
    const tokens: GenerationToken[] = [];
    const stop = bridge().playground.token((token) => void tokens.push(token));
    const ended = new Promise((resolve) => bridge().playground.end(resolve));
    await bridge().playground.generate({
      modelId: "hone-starter",
      adapters: [],
      messages: [{ role: "user", content: "Hello" }],
      sampling: { temperature: 0, topK: 0, topP: 1, minP: 0, repetitionPenalty: 1, seed: 1, maxTokens: 8, stop: [] },
    });
    expect(await ended).toMatchObject({ reason: "end", provenance: { adapters: [] } });
    expect(tokens.map(({ text }) => text).join("")).toMatch(/^Good morning!/);
    stop();
  });
});
