#version 450
#extension GL_GOOGLE_include_directive : require
#extension GL_EXT_shader_explicit_arithmetic_types_float16 : require
// variants: emulated
layout(constant_id = 1) const uint WEIGHT_TYPE = 8;
#include "common.glsl"
#include "weights.glsl"

// The product of product.comp in float16 with float32 sums: c[m, n] (+)= factor · Σ_k a[m, k] · b[k, n], 64 x 64 to a
// workgroup, 32 of k at a time. Rows of a come down to within ±2 by the powers of two of row_powers, so that gradients,
// however small, keep the eleven digits of float16.

layout(local_size_x_id = 0) in;
layout(constant_id = 0) const uint THREADS = 128;
layout(constant_id = 2) const uint B_ALONG_K = 1;
layout(constant_id = 3) const uint ACCUMULATE = 0;
layout(constant_id = 4) const uint FRAGMENTS = 4;  // of 16 x 16, at most, for each subgroup

layout(push_constant) uniform Parameters {
  Floats a, c, powers;
  Matrix b;
  uint tall, wide, deep, a_stride, c_stride;
  float factor;
};

const uint kTile = 64, kDeep = 32, kRow = kDeep + 8, kColumn = kTile + 8;  // rows padded against bank conflicts
const uint kB = kTile * kRow;                                              // where b begins in `factors`

shared float16_t factors[kTile * kRow + kDeep * kColumn];
shared float results[kTile * kTile];

#include "fragments.glsl"

void load_a(uint m0, uint k0) {
  for (uint i = gl_LocalInvocationIndex; i < kTile * kDeep; i += THREADS) {
    uint m = i / kDeep, k = i % kDeep;
    float value = 0.0;
    if (m0 + m < tall && k0 + k < deep) value = a.v[(m0 + m) * a_stride + k0 + k] / powers.v[m0 + m];
    factors[m * kRow + k] = float16_t(value);
  }
}

void load_b(uint n0, uint k0) {
  for (uint i = gl_LocalInvocationIndex; i < kTile * kDeep / 4; i += THREADS) {
    uint quarter = B_ALONG_K != 0 ? kDeep / 4 : kTile / 4;
    uint line = i / quarter, part = i % quarter;
    uint row = (B_ALONG_K != 0 ? n0 : k0) + line, column = (B_ALONG_K != 0 ? k0 : n0) + 4 * part;
    uint rows = B_ALONG_K != 0 ? wide : deep, columns = B_ALONG_K != 0 ? deep : wide;
    vec4 w = vec4(0.0);
    if (row < rows && column < columns) w = weights_at(b, row_of(b, row), column, columns, rows);
    for (uint j = 0; j < 4; ++j) {
      uint k = B_ALONG_K != 0 ? 4 * part + j : line, n = B_ALONG_K != 0 ? line : 4 * part + j;
      factors[kB + k * kColumn + n] = float16_t(w[j]);
    }
  }
}

void main() {
  uint m0 = gl_WorkGroupID.y * kTile, n0 = gl_WorkGroupID.x * kTile;
  Sums sums[FRAGMENTS];
  for (uint f = 0; f < FRAGMENTS; ++f) clear_sums(sums[f]);
  for (uint k0 = 0; k0 < deep; k0 += kDeep) {
    load_a(m0, k0);
    load_b(n0, k0);
    barrier();
    for (uint f = 0; f < FRAGMENTS; ++f) {
      uint fragment = gl_SubgroupID + gl_NumSubgroups * f;
      if (fragment >= 16) break;
      uint m = fragment / 4 * 16, n = fragment % 4 * 16;
      for (uint k = 0; k < kDeep; k += 16) {
        add_product(sums[f], m * kRow + k, kRow, kB + k * kColumn + n, kColumn);
      }
    }
    barrier();
  }
  for (uint f = 0; f < FRAGMENTS; ++f) {
    uint fragment = gl_SubgroupID + gl_NumSubgroups * f;
    if (fragment >= 16) break;
    store_sums(sums[f], fragment / 4 * 16 * kTile + fragment % 4 * 16, kTile);
  }
  barrier();
  for (uint i = gl_LocalInvocationIndex; i < kTile * kTile; i += THREADS) {
    uint m = m0 + i / kTile, n = n0 + i % kTile;
    if (m >= tall || n >= wide) continue;
    float value = factor * powers.v[m] * results[i];
    uint at = m * c_stride + n;
    c.v[at] = ACCUMULATE != 0 ? c.v[at] + value : value;
  }
}
