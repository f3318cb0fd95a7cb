#version 450
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"

// Causal attention of 16 rows of one group over their keys, with the softmax kept up as the keys pass by. Several
// workgroups along z share the keys of few rows between them: each leaves its part, attention_parts joins them.

layout(local_size_x_id = 0) in;
layout(constant_id = 0) const uint THREADS = 64;
layout(constant_id = 1) const uint HEAD = 64;
layout(constant_id = 2) const uint PARTS = 0;  // leave a part
layout(constant_id = 3) const uint LSE = 0;

layout(push_constant) uniform Parameters {
  Floats q, k, v, o, lse, parts;  // parts [z][groups][rows][HEAD + 2]: unscaled sums, largest score, sum of weights
  Integers key_begin;
  uint tokens, heads, groups, past;
  uint q_stride, k_stride, v_stride, o_stride, lse_stride, begin_stride;
  uint keys_per_part;  // a multiple of 32
  float scale;
};

#include "attention.glsl"

const float kNone = -3.4e38;

shared float weights[kFew * (kMany + 1)];
shared float largest[kFew], totals[kFew], corrections[kFew];

void main() {
  uint thread = gl_LocalInvocationID.x, group = gl_WorkGroupID.y;
  uint rows = tokens * per_group(), r0 = gl_WorkGroupID.x * kFew, count = min(kFew, rows - r0);
  uint last_token = token_of(r0 + count - 1);
  uint begin = past + last_token, end = past + last_token + 1;
  for (uint t = token_of(r0); t <= last_token; ++t) begin = min(begin, uint(key_begin.v[t * begin_stride]));
  begin = max(begin, gl_WorkGroupID.z * keys_per_part);
  end = min(end, (gl_WorkGroupID.z + 1) * keys_per_part);

  if (thread < kFew) {
    largest[thread] = kNone;
    totals[thread] = 0.0;
  }
  float sums[kFew * kColumns];
  [[unroll]] for (uint i = 0; i < kFew * kColumns; ++i) sums[i] = 0.0;

  for (uint key0 = begin; key0 < end; key0 += kMany) {
    uint keys = min(kMany, end - key0);
    float scores[kScores];
    tile_product(group, Side(q, q_stride, true), r0, count, Side(k, k_stride, false), key0, keys, scores);
    [[unroll]] for (uint j = 0; j < kScores; ++j) {
      uint e = thread + THREADS * j, r = e / kMany, key = key0 + e % kMany;
      bool seen = r < count && key < end;
      if (seen) {
        uint t = token_of(r0 + r);
        seen = key <= past + t && key >= uint(key_begin.v[t * begin_stride]);
      }
      weights[r * (kMany + 1) + e % kMany] = seen ? scores[j] * scale : kNone;
    }
    barrier();
    if (thread < kFew) {
      uint row = thread * (kMany + 1);
      float before = largest[thread], now = before;
      for (uint i = 0; i < kMany; ++i) now = max(now, weights[row + i]);
      float total = 0.0;
      for (uint i = 0; i < kMany; ++i) {
        float score = weights[row + i];
        float weight = score == kNone ? 0.0 : exp(score - now);
        weights[row + i] = weight;
        total += weight;
      }
      corrections[thread] = before == kNone ? 0.0 : exp(before - now);
      totals[thread] = totals[thread] * corrections[thread] + total;
      largest[thread] = now;
    }
    barrier();
    [[unroll]] for (uint j = 0; j < kColumns; ++j) {
      uint c = thread + THREADS * j;
      if (c >= HEAD) break;
      [[unroll]] for (uint r = 0; r < kFew; ++r) {
        if (r < count) sums[r * kColumns + j] *= corrections[r];
      }
      for (uint i = 0; i < keys; ++i) {
        float value = v.v[(key0 + i) * v_stride + group * HEAD + c];
        [[unroll]] for (uint r = 0; r < kFew; ++r) {
          if (r < count) sums[r * kColumns + j] += weights[r * (kMany + 1) + i] * value;
        }
      }
    }
  }
  barrier();

  [[unroll]] for (uint r = 0; r < kFew; ++r) {
    if (r >= count) break;
    uint t = token_of(r0 + r), h = head_of(group, r0 + r);
    if (PARTS != 0) {
      uint at = ((gl_WorkGroupID.z * groups + group) * rows + r0 + r) * (HEAD + 2);
      [[unroll]] for (uint j = 0; j < kColumns; ++j) {
        uint c = thread + THREADS * j;
        if (c < HEAD) parts.v[at + c] = sums[r * kColumns + j];
      }
      if (thread == 0) {
        parts.v[at + HEAD] = largest[r];
        parts.v[at + HEAD + 1] = totals[r];
      }
      continue;
    }
    [[unroll]] for (uint j = 0; j < kColumns; ++j) {
      uint c = thread + THREADS * j;
      if (c < HEAD) o.v[t * o_stride + h * HEAD + c] = sums[r * kColumns + j] / totals[r];
    }
    if (LSE != 0 && thread == 0) lse.v[t * lse_stride + h] = largest[r] + log(totals[r]);
  }
}
