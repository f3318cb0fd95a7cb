#version 450
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"

// dv = Σ_rows P do and dk = scale · Σ_rows dS q for 16 keys of one group, with P and dS as in
// attention_backward_queries. Rows of tokens before the first of the keys do not see them.

layout(local_size_x_id = 0) in;
layout(constant_id = 0) const uint THREADS = 64;
layout(constant_id = 1) const uint HEAD = 64;

layout(push_constant) uniform Parameters {
  Floats q, k, v, lse, d_o, dots, dk, dv;
  Integers key_begin;
  uint tokens, heads, groups;
  uint q_stride, k_stride, v_stride, lse_stride, d_o_stride, dk_stride, dv_stride, begin_stride;
  float scale;
};

#include "attention.glsl"

shared float weights[kFew * (kMany + 1)];  // P
shared float slopes[kFew * (kMany + 1)];   // dS

void main() {
  uint thread = gl_LocalInvocationID.x, group = gl_WorkGroupID.y;
  uint rows = tokens * per_group(), key0 = gl_WorkGroupID.x * kFew, keys = min(kFew, tokens - key0);
  float values[kFew * kColumns], pulls[kFew * kColumns];
  [[unroll]] for (uint i = 0; i < kFew * kColumns; ++i) values[i] = pulls[i] = 0.0;

  for (uint r0 = key0 * per_group(); r0 < rows; r0 += kMany) {
    uint count = min(kMany, rows - r0);
    bool any = false;
    for (uint t = token_of(r0); t <= token_of(r0 + count - 1); ++t) {
      any = any || uint(key_begin.v[t * begin_stride]) < key0 + keys;
    }
    if (!any) continue;  // the same for all threads
    float scores[kScores], gains[kScores];
    tile_product(group, Side(k, k_stride, false), key0, keys, Side(q, q_stride, true), r0, count, scores);
    tile_product(group, Side(v, v_stride, false), key0, keys, Side(d_o, d_o_stride, true), r0, count, gains);
    [[unroll]] for (uint j = 0; j < kScores; ++j) {
      uint e = thread + THREADS * j, i = e / kMany, r = e % kMany;
      float weight = 0.0, slope = 0.0;
      if (i < keys && r < count) {
        uint t = token_of(r0 + r), h = head_of(group, r0 + r);
        if (key0 + i <= t && key0 + i >= uint(key_begin.v[t * begin_stride])) {
          weight = exp(scores[j] * scale - lse.v[t * lse_stride + h]);
          slope = weight * (gains[j] - dots.v[t * heads + h]) * scale;
        }
      }
      weights[i * (kMany + 1) + r] = weight;
      slopes[i * (kMany + 1) + r] = slope;
    }
    barrier();
    [[unroll]] for (uint j = 0; j < kColumns; ++j) {
      uint c = thread + THREADS * j;
      if (c >= HEAD) break;
      for (uint r = 0; r < count; ++r) {
        uint t = token_of(r0 + r), column = head_of(group, r0 + r) * HEAD + c;
        float query = q.v[t * q_stride + column], gradient = d_o.v[t * d_o_stride + column];
        [[unroll]] for (uint i = 0; i < kFew; ++i) {
          values[i * kColumns + j] += weights[i * (kMany + 1) + r] * gradient;
          pulls[i * kColumns + j] += slopes[i * (kMany + 1) + r] * query;
        }
      }
    }
  }
  [[unroll]] for (uint i = 0; i < kFew; ++i) {
    if (i >= keys) break;
    [[unroll]] for (uint j = 0; j < kColumns; ++j) {
      uint c = thread + THREADS * j;
      if (c >= HEAD) break;
      dv.v[(key0 + i) * dv_stride + group * HEAD + c] = values[i * kColumns + j];
      dk.v[(key0 + i) * dk_stride + group * HEAD + c] = pulls[i * kColumns + j];
    }
  }
}
