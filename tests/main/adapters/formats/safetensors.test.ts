import { floatValues, parseSafetensors, safetensorsFile } from "@main/adapters/formats/safetensors";
import { parseStrictJson } from "@main/adapters/formats/strict-json";
import { describe, expect, it } from "vitest";
import { fileOf, recorded } from "./support";

/** A file from a header as text and some bytes of data. */
function file(header: unknown, data = 0): Uint8Array {
  const text = Buffer.from(typeof header === "string" ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, Buffer.alloc(data)]);
}
const entry = (begin: number, end: number, shape = [(end - begin) / 4], dtype = "F32") => ({
  dtype,
  shape,
  data_offsets: [begin, end],
});
const refused = (bytes: Uint8Array) => {
  try {
    parseSafetensors(bytes, "x");
    return "read";
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe("a safetensors file", () => {
  it("is read as PyTorch wrote it and written to the same tensors", () => {
    const { matrices } = recorded("lora-llama-f16");
    expect(matrices).toHaveLength(28);
    const again = parseSafetensors(fileOf(matrices), "x");
    expect(again.map(({ name }) => name)).toEqual(matrices.map(({ name }) => name).sort());
    for (const tensor of again)
      expect(floatValues(tensor)).toEqual(matrices.find(({ name }) => name === tensor.name)?.values);
  });

  it("begins its data at a multiple of 8 bytes", () => {
    const [header] = safetensorsFile([{ name: "odd", shape: [1], values: Float32Array.of(1) }]);
    expect((header?.length ?? 1) % 8).toBe(0);
  });

  it.each([
    ["shorter than its header's length", new Uint8Array(7), "safetensors.truncated"],
    ["of an endless header", Buffer.alloc(16, 0xff), "safetensors.truncated"],
    ["whose header is a list", file("[]"), "safetensors.header"],
    ["whose header is no JSON", file("{,}"), "json.malformed"],
    [
      "that names a tensor twice",
      file(`{"a":${JSON.stringify(entry(0, 4))},"\\u0061":${JSON.stringify(entry(0, 4))}}`, 4),
      "json.malformed",
    ],
    ["nested without end", file(`{"a":${"[".repeat(100_000)}`), "json.malformed"],
    ["with a tensor of another size", file({ a: entry(0, 8, [3]) }, 8), "safetensors.shape"],
    [
      "with a tensor of a size beyond numbers",
      file({ a: entry(0, 8, [2 ** 53 - 1, 2 ** 53 - 1, 4]) }, 8),
      "safetensors.shape",
    ],
    ["with a negative length", file({ a: entry(0, 8, [-2]) }, 8), "safetensors.header"],
    ["with an unknown type", file({ a: entry(0, 8, [2], "Q4") }, 8), "safetensors.dtype"],
    ["with a tensor behind its end", file({ a: entry(0, 12) }, 8), "safetensors.truncated"],
    ["with offsets the wrong way round", file({ a: entry(8, 4, [1]) }, 8), "safetensors.truncated"],
    ["with a hole", file({ a: entry(0, 4), b: entry(8, 12) }, 12), "safetensors.offsets"],
    ["with an overlap", file({ a: entry(0, 8), b: entry(4, 12) }, 12), "safetensors.offsets"],
    ["with something behind the last tensor", file({ a: entry(0, 4) }, 8), "safetensors.offsets"],
  ])("%s is refused", (_, bytes, code) => {
    expect(refused(bytes)).toBe(code);
  });

  it("may pad its header, hold nothing, and carry metadata", () => {
    expect(
      parseSafetensors(file(`${JSON.stringify({ __metadata__: { format: "pt" }, a: entry(0, 4) })}   `, 4), "x"),
    ).toHaveLength(1);
    expect(parseSafetensors(file("{}"), "x")).toEqual([]);
  });

  it("gives half and brain floats exactly", () => {
    const halves = [0x3c00, 0xc100, 0x7bff, 0x0001, 0x8000, 0x7c00];
    const bytes = new Uint8Array(Uint16Array.from(halves).buffer);
    const tensor = (dtype: string) => floatValues({ name: "a", dtype, shape: [6], bytes });
    expect([...tensor("F16")]).toEqual([1, -2.5, 65504, 2 ** -24, -0, Number.POSITIVE_INFINITY]);
    expect(tensor("BF16")[0]).toBe(0.0078125);
    expect(() => tensor("I16")).toThrow(/F32, F16 or BF16/);
  });
});

describe("strict JSON", () => {
  it("keeps what is equal to look at and is not", () => {
    expect(parseStrictJson('{"a":{"a":1},"b":[{"a":1},{"a":2}],"c":"\\"a\\":"}', "x")).toMatchObject({ c: '"a":' });
  });

  it("says what the text is when it refuses it", () => {
    expect(() => parseStrictJson('{"a":1,"a":2}', "adapter_config.json")).toThrow(
      /adapter_config.json has the name "a" twice/,
    );
    expect(() => parseStrictJson('{"a', "x")).toThrow(/ends inside a text/);
  });
});
