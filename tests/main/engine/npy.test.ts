import { npyHeader } from "@main/engine/worker/npy";
import { describe, expect, it } from "vitest";

describe("the header of a .npy file", () => {
  it.each([[[3, 5]], [[1, 262_144]], [[7]]])("describes the shape %j and ends at a multiple of 64 bytes", (shape) => {
    const header = Buffer.from(npyHeader("<f4", shape));
    expect(header.length % 64).toBe(0);
    expect(header.subarray(0, 8).toString("latin1")).toBe("\u0093NUMPY\u0001\u0000");
    expect(header.readUInt16LE(8)).toBe(header.length - 10);
    const text = header.subarray(10).toString("latin1");
    expect(text).toContain(`'shape': (${shape.length === 1 ? `${shape[0]},` : shape.join(", ")})`);
    expect(text.endsWith("\n")).toBe(true);
  });
});
