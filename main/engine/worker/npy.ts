/** Header of a NumPy file, format 1.0, C order; the data begins at a multiple of 64 bytes. */
export function npyHeader(type: "<f4", shape: readonly number[]): Uint8Array {
  const list = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const text = `{'descr': '${type}', 'fortran_order': False, 'shape': (${list}), }`;
  const prefix = 10;
  const padded = `${text.padEnd(Math.ceil((prefix + text.length + 1) / 64) * 64 - prefix - 1, " ")}\n`;
  const header = Buffer.alloc(prefix + padded.length);
  header.write("\u0093NUMPY\u0001\u0000", 0, "latin1");
  header.writeUInt16LE(padded.length, 8);
  header.write(padded, prefix, "latin1");
  return header;
}
