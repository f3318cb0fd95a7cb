#version 450
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"

// dq = scale · Σ_keys dS k with dS = P (do·v − D) and P = exp(scale · q·k − lse), for 16 rows of one group.

layout(local_size_x_id = 0) in;
layout(constant_id = 0) const uint THREADS = 64;
layout(constant_id = 1) const uint HEAD = 64;

layout(push_constant) uniform Parameters {
  Floats q, k, v, lse, d_o, dots, dq;
  Integers key_begin;
  uint tokens, heads, groups;
  uint q_stride, k_stride, v_stride, lse_stride, d_o_stride, dq_stride, begin_stride;
  float scale;
};

#include "attention.glsl"

shared float slopes[kFew * (kMany + 1)];  // dS

void main() {
  uint thread = gl_LocalInvocationID.x, group = gl_WorkGroupID.y;
  uint rows = tokens * per_group(), r0 = gl_WorkGroupID.x * kFew, count = min(kFew, rows - r0);
  uint last_token = token_of(r0 + count - 1), begin = last_token, end = last_token + 1;
  for (uint t = token_of(r0); t <= last_token; ++t) begin = min(begin, uint(key_begin.v[t * begin_stride]));
  float sums[kFew * kColumns];
  [[unroll]] for (uint i = 0; i < kFew * kColumns; ++i) sums[i] = 0.0;

  for (uint key0 = begin; key0 < end; key0 += kMany) {
    uint keys = min(kMany, end - key0);
    float scores[kScores], gains[kScores];
    tile_product(group, Side(q, q_stride, true), r0, count, Side(k, k_stride, false), key0, keys, scores);
    tile_product(group, Side(d_o, d_o_stride, true), r0, count, Side(v, v_stride, false), key0, keys, gains);
    [[unroll]] for (uint j = 0; j < kScores; ++j) {
      uint e = thread + THREADS * j, r = e / kMany, key = key0 + e % kMany;
      float slope = 0.0;
      if (r < count && key < end) {
        uint t = token_of(r0 + r), h = head_of(group, r0 + r);
        if (key <= t && key >= uint(key_begin.v[t * begin_stride])) {
          slope = exp(scores[j] * scale - lse.v[t * lse_stride + h]) * (gains[j] - dots.v[t * heads + h]);
        }
      }
      slopes[r * (kMany + 1) + e % kMany] = slope * scale;
    }
    barrier();
    [[unroll]] for (uint j = 0; j < kColumns; ++j) {
      uint c = thread + THREADS * j;
      if (c >= HEAD) break;
      for (uint i = 0; i < keys; ++i) {
        float value = k.v[(key0 + i) * k_stride + group * HEAD + c];
        [[unroll]] for (uint r = 0; r < kFew; ++r) sums[r * kColumns + j] += slopes[r * (kMany + 1) + i] * value;
      }
    }
  }
  [[unroll]] for (uint r = 0; r < kFew; ++r) {
    if (r >= count) break;
    [[unroll]] for (uint j = 0; j < kColumns; ++j) {
      uint c = thread + THREADS * j;
      if (c < HEAD) dq.v[token_of(r0 + r) * dq_stride + head_of(group, r0 + r) * HEAD + c] = sums[r * kColumns + j];
    }
  }
}
