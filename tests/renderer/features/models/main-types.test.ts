import { mainTypes } from "@renderer/features/models/main-types";
import { expect, it } from "vitest";

it("names the type of most matrices first, and leaves out norms", () => {
  const types = [
    { dtype: "F16", tensors: 1, bytes: 1_048_576 },
    { dtype: "TQ2_0", tensors: 28, bytes: 878_592 },
    { dtype: "F32", tensors: 17, bytes: 25_600 },
  ];
  expect(mainTypes(types)).toBe("TQ2_0, F16");
});
