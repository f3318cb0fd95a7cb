import { parseStrictJson } from "@main/adapters/formats/strict-json";
import { HoneError } from "@shared/errors";
import { z } from "zod";

/** A tensor of a safetensors file. `shape` has the outermost axis first, as PyTorch has it. */
export interface SafeTensor {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  /** The bytes as they lie in the file; not a copy. */
  readonly bytes: Uint8Array;
}

/** Bytes of one element. */
const sizes: Readonly<Record<string, number>> = {
  ...{ F64: 8, I64: 8, U64: 8, F32: 4, I32: 4, U32: 4, F16: 2, BF16: 2, I16: 2, U16: 2 },
  ...{ F8_E5M2: 1, F8_E4M3: 1, I8: 1, U8: 1, BOOL: 1 },
};

const longestHeader = 100 * 1024 * 1024;
const length = z.int().min(0);
const entrySchema = z.strictObject({
  dtype: z.string(),
  shape: z.array(length).max(8),
  data_offsets: z.tuple([length, length]),
});

/**
 * Reads and checks a whole file; `source` names it in errors. The bytes may be hostile: nothing is believed before it was compared
 * with their number. Throws "safetensors.*".
 */
export function parseSafetensors(file: Uint8Array, source: string): SafeTensor[] {
  const refuse = (code: string, problem: string) =>
    new HoneError(`safetensors.${code}`, `${source}: ${problem}.`, "The file is damaged or incomplete; get it again.");
  if (file.length < 8) throw refuse("truncated", `it has ${file.length} bytes, fewer than the 8 of a header's length`);
  const headerLength = new DataView(file.buffer, file.byteOffset, 8).getBigUint64(0, true);
  const most = Math.min(longestHeader, file.length - 8);
  if (headerLength > BigInt(most))
    throw refuse("truncated", `its header shall have ${headerLength} bytes, ${most} is the limit`);
  const header = file.subarray(8, 8 + Number(headerLength));
  if (header[0] !== 0x7b) throw refuse("header", "its header does not begin with {");
  const data = file.subarray(8 + header.length);

  const tensors: (SafeTensor & { readonly begin: number; readonly end: number })[] = [];
  for (const [name, value] of Object.entries(parseHeader(header, source, refuse))) {
    if (name === "__metadata__") continue;
    const entry = entrySchema.safeParse(value);
    if (!entry.success) throw refuse("header", `the entry of ${quoted(name)} is not one of a tensor`);
    const { dtype, shape, data_offsets } = entry.data;
    const [begin, end] = data_offsets;
    const size = sizes[dtype];
    if (size === undefined) throw refuse("dtype", `${quoted(name)} has the unknown type ${quoted(dtype)}`);
    if (begin > end || end > data.length) {
      throw refuse("truncated", `${quoted(name)} lies at bytes ${begin} to ${end} of ${data.length}`);
    }
    // Exact also where the product leaves the whole numbers: the difference of the offsets never does.
    const bytes = shape.reduce((product, extent) => product * BigInt(extent), BigInt(size));
    if (bytes !== BigInt(end - begin)) {
      throw refuse(
        "shape",
        `${quoted(name)} of ${dtype} [${shape.join(", ")}] needs ${bytes} bytes but has ${end - begin}`,
      );
    }
    tensors.push({ name, dtype, shape, bytes: data.subarray(begin, end), begin, end });
  }
  tensors.sort((left, right) => left.begin - right.begin || left.end - right.end);
  let at = 0;
  for (const { name, begin, end } of tensors) {
    if (begin !== at)
      throw refuse("offsets", `${quoted(name)} begins at byte ${begin}, ${at} is where the one before ends`);
    at = end;
  }
  if (at !== data.length) throw refuse("offsets", `${data.length - at} bytes after the last tensor belong to none`);
  return tensors.map(({ begin: _, end: __, ...tensor }) => tensor);
}

function parseHeader(header: Uint8Array, source: string, refuse: (code: string, problem: string) => HoneError) {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(header);
  } catch {
    throw refuse("header", "its header is not UTF-8");
  }
  const parsed = parseStrictJson(text.trimEnd(), `The header of ${source}`);
  const record = z.record(z.string(), z.unknown()).safeParse(parsed);
  if (!record.success) throw refuse("header", "its header is not an object");
  return record.data;
}

/** Elements of a floating-point tensor as float32. Throws "safetensors.dtype" for other types. */
export function floatValues({ name, dtype, bytes }: SafeTensor): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const bits = new Uint32Array(bytes.byteLength / (sizes[dtype] ?? 1));
  switch (dtype) {
    case "F32":
      for (let i = 0; i < bits.length; i += 1) bits[i] = view.getUint32(4 * i, true);
      break;
    case "BF16":
      for (let i = 0; i < bits.length; i += 1) bits[i] = view.getUint16(2 * i, true) << 16;
      break;
    case "F16":
      return Float32Array.from({ length: bits.length }, (_, i) => halfValue(view.getUint16(2 * i, true)));
    default:
      throw new HoneError(
        "safetensors.dtype",
        `${quoted(name)} has the type ${dtype}; adapters are F32, F16 or BF16.`,
        "Save the adapter in one of these types.",
      );
  }
  return new Float32Array(bits.buffer);
}

function halfValue(half: number): number {
  const exponent = (half >> 10) & 31;
  const fraction = half & 1023;
  const sign = half & 0x8000 ? -1 : 1;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
}

/** A file of float32 tensors in the order of their names, with the metadata that PyTorch's readers expect. */
export function safetensorsFile(
  tensors: readonly { readonly name: string; readonly shape: readonly number[]; readonly values: Float32Array }[],
): Uint8Array[] {
  const sorted = [...tensors].sort((left, right) => (left.name < right.name ? -1 : 1));
  const header: Record<string, unknown> = { __metadata__: { format: "pt" } };
  let at = 0;
  for (const { name, shape, values } of sorted) {
    header[name] = { dtype: "F32", shape, data_offsets: [at, at + values.byteLength] };
    at += values.byteLength;
  }
  // The data begins at a multiple of 8 bytes.
  const bytes = Buffer.from(JSON.stringify(header));
  const padded = Buffer.concat([Buffer.alloc(8), bytes, Buffer.alloc((8 - (bytes.length % 8)) % 8, " ")]);
  padded.writeBigUInt64LE(BigInt(padded.length - 8));
  return [padded, ...sorted.map(({ values }) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength))];
}

function quoted(name: string): string {
  return JSON.stringify(name.length > 120 ? `${name.slice(0, 120)}…` : name);
}
