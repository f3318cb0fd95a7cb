import { engineContract } from "@shared/engine/protocol";
import { answer } from "@shared/ipc/channel";
import type { Handlers } from "@shared/ipc/define";
import { describe, expect, it } from "vitest";
import { callsOf, mutations, sample, schemaOf } from "../../support/malformed";

// The engine process believes main no more than main believes a window.

const reached: string[] = [];
const handlers = new Proxy({} as Handlers<typeof engineContract>, {
  get: (_, group: string) =>
    new Proxy({}, { get: (__, name: string) => () => void reached.push(`${group}.${name}`), getOwnPropertyDescriptor }),
});
function getOwnPropertyDescriptor() {
  return { configurable: true, enumerable: true };
}
const calls = callsOf(engineContract);

describe("every call to the engine", () => {
  it.each(calls)("takes what fits it: $path", async ({ path, input }) => {
    reached.length = 0;
    await answer(engineContract, handlers, path, sample(schemaOf(input)));
    expect(reached).toEqual([path]);
  });

  it.each(calls)(
    "is refused, typed, before the engine hears of it, when it does not fit: $path",
    async ({ path, input }) => {
      reached.length = 0;
      let refused = 0;
      for (const payload of mutations(sample(schemaOf(input)))) {
        if (input.safeParse(payload).success) continue;
        await expect(
          answer(engineContract, handlers, path, payload),
          JSON.stringify(payload)?.slice(0, 200),
        ).rejects.toMatchObject({ code: "ipc.input" });
        refused += 1;
      }
      expect(refused).toBeGreaterThan(10);
      expect(reached).toEqual([]);
    },
  );

  it.each(["", "train", "train.ended", "chat.__proto__", "__proto__.start", "train.start.x"])(
    "is known by its own name only: %j",
    async (path) => {
      await expect(answer(engineContract, handlers, path, undefined)).rejects.toMatchObject({ code: "ipc.unknown" });
    },
  );
});
