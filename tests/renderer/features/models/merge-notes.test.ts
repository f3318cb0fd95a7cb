import { notesByTypes } from "@renderer/features/models/merge-notes";
import { expect, it } from "vitest";

it("tells each note of merging once, with the types it holds for", () => {
  expect(
    notesByTypes([
      { type: "f16", notes: [] },
      { type: "q4_k_m", notes: ["four are Q5_0", "one is Q8_0"] },
      { type: "q4_k_s", notes: ["four are Q5_0"] },
    ]),
  ).toEqual([
    { note: "four are Q5_0", types: "Q4_K_M, Q4_K_S" },
    { note: "one is Q8_0", types: "Q4_K_M" },
  ]);
});
