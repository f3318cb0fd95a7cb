import { HoneError } from "@shared/errors";

/** The values of a float32 or float64 .npy file in C order. */
export function npyValues(file: Uint8Array, source: string): Float32Array {
  const refuse = (problem: string) => new HoneError("verify.npy", `${source}: ${problem}`);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (file.length < 12 || view.getUint32(0) !== 0x934e554d) throw refuse("this is no .npy file");
  const wide = (file[6] ?? 0) >= 2;
  const begin = wide ? 12 : 10;
  const end = begin + (wide ? view.getUint32(8, true) : view.getUint16(8, true));
  const header = Buffer.from(file.subarray(begin, end)).toString("latin1");
  if (header.includes("'fortran_order': True")) throw refuse("Fortran order is not read");
  const size = header.includes("'<f4'") ? 4 : header.includes("'<f8'") ? 8 : 0;
  if (size === 0) throw refuse(`only float32 and float64 are read, this is ${header.trim()}`);
  const count = Math.floor((file.length - end) / size);
  return Float32Array.from({ length: count }, (_, index) =>
    size === 4 ? view.getFloat32(end + 4 * index, true) : view.getFloat64(end + 8 * index, true),
  );
}

/** Little-endian float32 values without a header. */
export function floatsIn(file: Uint8Array): Float32Array {
  return new Float32Array(new Uint8Array(file).buffer);
}

/** Largest absolute difference; infinite for other lengths and for NaN. */
export function largestDifference(left: Float32Array, right: Float32Array): number {
  if (left.length !== right.length) return Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let i = 0; i < left.length; i += 1) {
    const difference = Math.abs((left[i] ?? 0) - (right[i] ?? 0));
    if (!(difference <= largest)) largest = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
  }
  return largest;
}

/** Σ(found − expected)² and Σ expected². */
function squares(found: Float32Array, expected: Float32Array): { readonly error: number; readonly size: number } {
  if (found.length !== expected.length) return { error: Number.POSITIVE_INFINITY, size: 1 };
  let error = 0;
  let size = 0;
  for (let i = 0; i < found.length; i += 1) {
    error += ((found[i] ?? 0) - (expected[i] ?? 0)) ** 2;
    size += (expected[i] ?? 0) ** 2;
  }
  return { error, size };
}

/** Norm of the difference over the norm of what is expected. */
export function relativeError(found: Float32Array, expected: Float32Array): number {
  const { error, size } = squares(found, expected);
  return error === 0 ? 0 : Math.sqrt(error / size);
}

/** Mean square of the difference over the variance of what is expected. */
export function normalisedMeanSquare(found: Float32Array, expected: Float32Array): number {
  const { error } = squares(found, expected);
  const deviation = standardDeviation(expected);
  return error === 0 ? 0 : error / expected.length / deviation ** 2;
}

export function standardDeviation(values: Float32Array): number {
  let sum = 0;
  let square = 0;
  for (const value of values) {
    sum += value;
    square += value * value;
  }
  const mean = sum / values.length;
  return Math.sqrt(Math.max(0, square / values.length - mean * mean));
}

/** Mean of −log p of each next token. `logits` is [tokens, vocabulary]. */
export function meanLoss(logits: Float32Array, tokens: readonly number[]): number {
  const width = logits.length / tokens.length;
  let total = 0;
  for (let row = 0; row + 1 < tokens.length; row += 1) {
    const values = logits.subarray(row * width, (row + 1) * width);
    const largest = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
    const sum = values.reduce((all, value) => all + Math.exp(value - largest), 0);
    total += largest + Math.log(sum) - (values[tokens[row + 1] ?? 0] ?? 0);
  }
  return total / Math.max(1, tokens.length - 1);
}

/** Where two arrays of bytes or floats differ in their bits; null when they do not. */
export function bitDifference(found: Uint8Array | Float32Array, expected: Uint8Array | Float32Array): string | null {
  const bytes = (array: Uint8Array | Float32Array) => Buffer.from(array.buffer, array.byteOffset, array.byteLength);
  const [left, right] = [bytes(found), bytes(expected)];
  if (left.equals(right)) return null;
  if (left.length !== right.length) return `${left.length} bytes instead of ${right.length}`;
  const places = [...left.keys()].filter((index) => left[index] !== right[index]);
  return `${places.length} of ${left.length} bytes differ, the first at ${places[0]}`;
}
