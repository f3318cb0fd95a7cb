#version 450
#extension GL_GOOGLE_include_directive : require
layout(constant_id = 0) const uint WEIGHT_TYPE = 0;
#include "common.glsl"
#include "weights.glsl"
#include "random.glsl"

// c[m, n] (+)= factor · Σ_k a[m, k] · b[k, n] for a tile of 16·TALL x 16·WIDE elements per workgroup of 16 x 16
// threads, 16 of k at a time through shared memory. a is float32 with any two strides; b is a weight matrix of any type, whose
// rows run along n (B_ALONG_K: the usual wᵀ of a layer) or along k. Of several workgroups along z each sums its part of
// k into a plane of its own; product_parts adds them up.

layout(local_size_x = 16, local_size_y = 16) in;
layout(constant_id = 1) const uint B_ALONG_K = 1;   // rows of b are values of n
layout(constant_id = 2) const uint TALL = 4;
layout(constant_id = 3) const uint WIDE = 4;
layout(constant_id = 4) const uint DROP = 0;        // dropout on a (1), on b (2), on the result (3)
layout(constant_id = 5) const uint ACCUMULATE = 0;

layout(push_constant) uniform Parameters {
  Floats a, c;
  Matrix b;
  uvec2 key;                                        // of dropout
  uint tall, wide, deep;                            // extents of m, n and k
  uint a_row, a_column, c_row;                      // strides
  uint deep_part;                                   // of k for each workgroup along z, a multiple of 16
  float factor;
  uint dropped;                                     // random numbers below this are dropped
  float kept;                                       // factor of what is kept
};

shared float a_tile[16 * (16 * TALL + 1)];
shared float b_tile[16 * (16 * WIDE + 1)];

float drop(uint row, uint columns, uint column) {
  return random24(key, row, columns, column) >= dropped ? kept : 0.0;
}

// Thread t of 256 loads along the direction in which a lies in memory.
void load_a(uint m0, uint k0, uint k_end) {
  uint thread = gl_LocalInvocationIndex;
  [[unroll]] for (uint i = 0; i < TALL; ++i) {
    uint index = thread + 256 * i;
    uint m = a_column == 1 ? index / 16 : index % (16 * TALL), k = a_column == 1 ? index % 16 : index / (16 * TALL);
    float value = 0.0;
    if (m0 + m < tall && k0 + k < k_end) {
      value = a.v[(m0 + m) * a_row + (k0 + k) * a_column];
      if (DROP == 1) value *= drop(m0 + m, deep, k0 + k);
    }
    a_tile[k * (16 * TALL + 1) + m] = value;
  }
}

void load_b(uint n0, uint k0, uint k_end) {
  for (uint index = gl_LocalInvocationIndex; index < 64 * WIDE; index += 256) {
    // Four weights of one row of b.
    uint line = B_ALONG_K != 0 ? index / 4 : index / (4 * WIDE), part = B_ALONG_K != 0 ? index % 4 : index % (4 * WIDE);
    uint row = (B_ALONG_K != 0 ? n0 : k0) + line, column = (B_ALONG_K != 0 ? k0 : n0) + 4 * part;
    bool inside = B_ALONG_K != 0 ? row < wide && column < k_end : row < k_end && column < wide;
    vec4 w = vec4(0.0);
    if (inside) {
      w = weights_at(b, row_of(b, row), column, B_ALONG_K != 0 ? deep : wide, B_ALONG_K != 0 ? wide : deep);
      if (DROP == 2) {  // b is the input of an adapter, [k, n]
        [[unroll]] for (uint i = 0; i < 4; ++i) w[i] *= drop(row, wide, column + i);
      }
    }
    [[unroll]] for (uint i = 0; i < 4; ++i) {
      uint k = B_ALONG_K != 0 ? 4 * part + i : line, n = B_ALONG_K != 0 ? line : 4 * part + i;
      b_tile[k * (16 * WIDE + 1) + n] = w[i];
    }
  }
}

void main() {
  uint m0 = gl_WorkGroupID.y * 16 * TALL, n0 = gl_WorkGroupID.x * 16 * WIDE;
  uint k_begin = gl_WorkGroupID.z * deep_part, k_end = min(deep, k_begin + deep_part);
  float sums[TALL * WIDE];
  [[unroll]] for (uint i = 0; i < TALL * WIDE; ++i) sums[i] = 0.0;

  for (uint k0 = k_begin; k0 < k_end; k0 += 16) {
    load_a(m0, k0, k_end);
    load_b(n0, k0, k_end);
    barrier();
    for (uint k = 0; k < 16; ++k) {
      float left[TALL], right[WIDE];
      uint a_at = k * (16 * TALL + 1) + gl_LocalInvocationID.y, b_at = k * (16 * WIDE + 1) + gl_LocalInvocationID.x;
      [[unroll]] for (uint i = 0; i < TALL; ++i) left[i] = a_tile[a_at + 16 * i];
      [[unroll]] for (uint j = 0; j < WIDE; ++j) right[j] = b_tile[b_at + 16 * j];
      [[unroll]] for (uint i = 0; i < TALL; ++i) {
        [[unroll]] for (uint j = 0; j < WIDE; ++j) sums[i * WIDE + j] += left[i] * right[j];
      }
    }
    barrier();
  }

  uint plane = gl_WorkGroupID.z * tall;
  [[unroll]] for (uint i = 0; i < TALL; ++i) {
    [[unroll]] for (uint j = 0; j < WIDE; ++j) {
      uint m = m0 + gl_LocalInvocationID.y + 16 * i, n = n0 + gl_LocalInvocationID.x + 16 * j;
      if (m >= tall || n >= wide) continue;
      float value = factor * sums[i * WIDE + j];
      if (DROP == 3) value *= drop(m, wide, n);
      uint at = (plane + m) * c_row + n;
      c.v[at] = ACCUMULATE != 0 ? c.v[at] + value : value;
    }
  }
}
