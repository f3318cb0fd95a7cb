// Weight matrices of every stored type, four weights of a row at a time, to the bits of the codecs in quant/. Blocks
// begin at even bytes only, so 32-bit words are put together from two where they must be.
//
// Before this file: constant WEIGHT_TYPE (a GGUF id). Include common.glsl first.

const uint F32 = 0, F16 = 1, Q4_0 = 2, Q4_1 = 3, Q5_0 = 6, Q5_1 = 7, Q8_0 = 8, Q2_K = 10, Q3_K = 11, Q4_K = 12,
           Q5_K = 13, Q6_K = 14, IQ4_NL = 20, BF16 = 30, TQ1_0 = 34, TQ2_0 = 35, I2_S = 36;

// As WeightView of backend.h: address of the word that the first row begins in, bytes of a row, bytes from that word to
// the first row.
struct Matrix {
  uvec2 address;
  uint row_bytes, shift;
};

struct Row {
  Words words;
  uint shift;  // byte of the first word that the row begins at: 0 or 2
};

Row row_of(Matrix m, uint index) {
  uvec2 address = address_of_row(m.address, index, m.row_bytes);
  uint carry;
  address.x = uaddCarry(address.x, m.shift, carry);
  address.y += carry;
  return Row(Words(uvec2(address.x & ~3u, address.y)), address.x & 3u);
}

uint byte_at(Row row, uint at) {
  at += row.shift;
  return row.words.v[at / 4] >> (8 * (at & 3)) & 255u;
}

// Two bytes at an even place.
uint half_at(Row row, uint at) {
  at += row.shift;
  return row.words.v[at / 4] >> (8 * (at & 2)) & 65535u;
}

// Four bytes at an even place.
uint word_at(Row row, uint at) {
  at += row.shift;
  uint word = row.words.v[at / 4];
  return (at & 2) == 0 ? word : word >> 16 | row.words.v[at / 4 + 1] << 16;
}

// Exact, subnormals included, which unpackHalf2x16 may flush.
float from_half(uint bits) {
  uint exponent = bits >> 10 & 31u, mantissa = bits & 1023u, sign = (bits & 0x8000u) << 16;
  if (exponent == 0) {
    float tiny = float(mantissa) * (1.0 / 16777216.0);
    return sign != 0 ? -tiny : tiny;
  }
  return uintBitsToFloat(sign | (exponent == 31 ? 0x7f800000u : (exponent + 112) << 23) | mantissa << 13);
}

vec4 bytes_of(uint word) { return vec4(uvec4(word, word >> 8, word >> 16, word >> 24) & 255u); }
vec4 signed_bytes_of(uint word) {
  int w = int(word);
  return vec4(ivec4(w << 24, w << 16, w << 8, w) >> 24);
}

// 2-bit planes of 128 elements in 32 bytes: the codes of elements `at` to `at` + 3 of 256, one to a byte.
uint plane_codes(Row row, uint first, uint at) {
  return word_at(row, first + 32 * (at / 128) + at % 32) >> (2 * (at / 32 % 4)) & 0x03030303u;
}

// Scale and minimum of group j of Q4_K and Q5_K, from their 12 bytes at `first`.
uvec2 scale_min(Row row, uint first, uint j) {
  if (j < 4) return uvec2(byte_at(row, first + j), byte_at(row, first + j + 4)) & 63u;
  uint low = byte_at(row, first + j + 4);
  return uvec2((low & 15u) | byte_at(row, first + j - 4) >> 6 << 4, low >> 4 | byte_at(row, first + j) >> 6 << 4);
}

const float kSteps[16] = float[16](-127.0, -104.0, -83.0, -65.0, -49.0, -35.0, -22.0, -10.0, 1.0, 13.0, 25.0, 38.0,
                                   53.0, 69.0, 89.0, 113.0);

// Base 3, most significant digit first, five to a byte that counts in 256ths of 243: digit `place` of each of 4 bytes.
uint base3_digits(uint word, uint place) {
  const uint powers[5] = uint[5](1, 3, 9, 27, 81);
  uvec4 bytes = uvec4(word, word >> 8, word >> 16, word >> 24) & 255u;
  uvec4 digits = ((bytes * powers[place] & 255u) * 3) >> 8;
  return digits.x | digits.y << 8 | digits.z << 16 | digits.w << 24;
}

// Codes 0 to 3 of ternary weights `column` to `column` + 3 (a multiple of four), one to a byte; the weight is code - 1
// times the scale of its block.
uint ternary_codes(Row row, uint column) {
  if (WEIGHT_TYPE == TQ2_0) return plane_codes(row, column / 256 * 66, column % 256);
  if (WEIGHT_TYPE == I2_S) {
    uint at = column % 128;
    uint codes = word_at(row, column / 128 * 32 + at % 32) >> (6 - at / 32 * 2) & 0x03030303u;
    uint threes = codes & codes >> 1 & 0x01010101u;  // the unused code 3 stands for 0
    return codes - 2 * threes;
  }
  uint block = column / 256 * 54, at = column % 256;
  if (at < 160) return base3_digits(word_at(row, block + at % 32), at / 32);
  if (at < 240) return base3_digits(word_at(row, block + 32 + (at - 160) % 16), (at - 160) / 16);
  return base3_digits(word_at(row, block + 48), (at - 240) / 4);
}

// Scale of the block of `column`. That of I2_S belongs to the whole matrix and lies behind its last row.
float ternary_scale(Matrix m, Row row, uint column, uint rows) {
  if (WEIGHT_TYPE == TQ2_0) return from_half(half_at(row, column / 256 * 66 + 64));
  if (WEIGHT_TYPE == TQ1_0) return from_half(half_at(row, column / 256 * 54 + 52));
  return uintBitsToFloat(word_at(row_of(m, rows), 0));
}

// Weights `column` to `column` + 3 of a row; `column` is a multiple of four. Those from `columns` on are 0 (only float
// types have rows that end within four). `rows` is that of the whole matrix.
vec4 weights_at(Matrix m, Row row, uint column, uint columns, uint rows) {
  if (WEIGHT_TYPE == F32 || WEIGHT_TYPE == F16 || WEIGHT_TYPE == BF16) {
    vec4 w = vec4(0.0);
    [[unroll]] for (uint i = 0; i < 4; ++i) {
      if (column + i >= columns) break;
      uint at = column + i;
      w[i] = WEIGHT_TYPE == F32   ? uintBitsToFloat(row.words.v[at])
             : WEIGHT_TYPE == F16 ? from_half(half_at(row, 2 * at))
                                  : uintBitsToFloat(half_at(row, 2 * at) << 16);
    }
    return w;
  }
  if (WEIGHT_TYPE == TQ1_0 || WEIGHT_TYPE == TQ2_0 || WEIGHT_TYPE == I2_S) {
    return (bytes_of(ternary_codes(row, column)) - 1.0) * ternary_scale(m, row, column, rows);
  }
  uint at = column % 32;  // of blocks of 32
  if (WEIGHT_TYPE == Q8_0) {
    uint block = column / 32 * 34;
    return signed_bytes_of(word_at(row, block + 2 + at)) * from_half(half_at(row, block));
  }
  if (WEIGHT_TYPE == Q4_0 || WEIGHT_TYPE == IQ4_NL) {
    uint block = column / 32 * 18;
    uint codes = word_at(row, block + 2 + at % 16) >> (at < 16 ? 0 : 4) & 0x0f0f0f0fu;
    float d = from_half(half_at(row, block));
    if (WEIGHT_TYPE == Q4_0) return (bytes_of(codes) - 8.0) * d;
    return vec4(kSteps[codes & 15u], kSteps[codes >> 8 & 15u], kSteps[codes >> 16 & 15u], kSteps[codes >> 24]) * d;
  }
  if (WEIGHT_TYPE == Q4_1) {
    uint block = column / 32 * 20;
    uint codes = word_at(row, block + 4 + at % 16) >> (at < 16 ? 0 : 4) & 0x0f0f0f0fu;
    precise vec4 w = bytes_of(codes) * from_half(half_at(row, block)) + from_half(half_at(row, block + 2));
    return w;
  }
  if (WEIGHT_TYPE == Q5_0 || WEIGHT_TYPE == Q5_1) {
    uint block = column / 32 * (WEIGHT_TYPE == Q5_0 ? 22 : 24), head = WEIGHT_TYPE == Q5_0 ? 2 : 4;
    uint codes = word_at(row, block + head + 4 + at % 16) >> (at < 16 ? 0 : 4) & 0x0f0f0f0fu;
    uint high = word_at(row, block + head) >> at;
    codes |= (high & 1u) << 4 | (high & 2u) << 11 | (high & 4u) << 18 | (high & 8u) << 25;
    float d = from_half(half_at(row, block));
    if (WEIGHT_TYPE == Q5_0) return (bytes_of(codes) - 16.0) * d;
    precise vec4 w = bytes_of(codes) * d + from_half(half_at(row, block + 2));
    return w;
  }
  at = column % 256;  // of blocks of 256
  if (WEIGHT_TYPE == Q2_K) {
    uint block = column / 256 * 84;
    uint scales = byte_at(row, block + at / 16);
    float step = from_half(half_at(row, block + 80)) * float(scales & 15u);
    float shift = from_half(half_at(row, block + 82)) * float(scales >> 4);
    precise vec4 w = step * bytes_of(plane_codes(row, block + 16, at)) - shift;
    return w;
  }
  if (WEIGHT_TYPE == Q3_K) {
    uint block = column / 256 * 110, j = at / 16;
    uint low = byte_at(row, block + 96 + j % 8) >> (j < 8 ? 0 : 4) & 15u;
    uint scale = low | (byte_at(row, block + 104 + j % 4) >> (2 * (j / 4)) & 3u) << 4;
    float step = from_half(half_at(row, block + 108)) * (float(scale) - 32.0);
    uint codes = plane_codes(row, block + 32, at);
    codes |= (word_at(row, block + at % 32) >> (at / 32) & 0x01010101u) << 2;
    return step * (bytes_of(codes) - 4.0);
  }
  if (WEIGHT_TYPE == Q4_K || WEIGHT_TYPE == Q5_K) {
    uint block = column / 256 * (WEIGHT_TYPE == Q4_K ? 144 : 176), codes_at = WEIGHT_TYPE == Q4_K ? 16 : 48;
    uint j = at / 32;
    uvec2 pair = scale_min(row, block + 4, j);
    float step = from_half(half_at(row, block)) * float(pair.x);
    float shift = from_half(half_at(row, block + 2)) * float(pair.y);
    uint codes = word_at(row, block + codes_at + 32 * (j / 2) + at % 32) >> (4 * (j & 1)) & 0x0f0f0f0fu;
    if (WEIGHT_TYPE == Q5_K) codes |= (word_at(row, block + 16 + at % 32) >> j & 0x01010101u) << 4;
    precise vec4 w = step * bytes_of(codes) - shift;
    return w;
  }
  // Q6_K
  uint block = column / 256 * 210, part = at / 32;
  uint low = word_at(row, block + 64 * (at / 128) + 32 * (part & 1) + at % 32) >> (2 * (part & 2)) & 0x0f0f0f0fu;
  uint high = word_at(row, block + 128 + 32 * (at / 128) + at % 32) >> (2 * (part % 4)) & 0x03030303u;
  int scale = int(byte_at(row, block + 192 + at / 16) << 24) >> 24;
  return (bytes_of(low | high << 4) - 32.0) * (from_half(half_at(row, block + 208)) * float(scale));
}
