/** One metadata value of a GGUF file, with the type it is stored as. */
export type MetadataValue =
  | { readonly type: "u32"; readonly value: number }
  | { readonly type: "bool"; readonly value: boolean }
  | { readonly type: "string"; readonly value: string }
  | { readonly type: "strings"; readonly value: readonly string[] }
  | { readonly type: "i32s"; readonly value: readonly number[] };

const typeIds = { u32: 4, i32: 5, bool: 7, string: 8, array: 9 } as const;

/** Bytes of a GGUF version 3 file that has metadata and no tensors. Little endian; strings are UTF-8. */
export function encodeMetadata(entries: readonly (readonly [key: string, value: MetadataValue])[]): Buffer {
  const header = Buffer.alloc(24);
  header.write("GGUF", 0, "latin1");
  header.writeUInt32LE(3, 4);
  header.writeBigUInt64LE(0n, 8);
  header.writeBigUInt64LE(BigInt(entries.length), 16);
  return Buffer.concat([header, ...entries.flatMap(([key, value]) => [string(key), ...encodeValue(value)])]);
}

function encodeValue(entry: MetadataValue): Buffer[] {
  switch (entry.type) {
    case "u32":
      return [u32(typeIds.u32), u32(entry.value)];
    case "bool":
      return [u32(typeIds.bool), Buffer.from([entry.value ? 1 : 0])];
    case "string":
      return [u32(typeIds.string), string(entry.value)];
    case "strings":
      return [u32(typeIds.array), u32(typeIds.string), u64(entry.value.length), ...entry.value.map(string)];
    case "i32s": {
      const numbers = Buffer.alloc(entry.value.length * 4);
      entry.value.forEach((value, index) => void numbers.writeInt32LE(value, index * 4));
      return [u32(typeIds.array), u32(typeIds.i32), u64(entry.value.length), numbers];
    }
  }
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

function string(text: string): Buffer {
  const bytes = Buffer.from(text, "utf8");
  return Buffer.concat([u64(bytes.length), bytes]);
}
