#version 450
#extension GL_GOOGLE_include_directive : require
// variants: dot
layout(constant_id = 0) const uint WEIGHT_TYPE = 35;
#include "common.glsl"
#include "weights.glsl"
#include "dot4.glsl"

// y[t, o] (+)= step[t] · Σ_blocks scale · Σ q[t, i] · w[o, i] in integers within a block, for tiles of 32 tokens and 64
// outputs, 128 columns at a time. Inputs come packed from round_rows.

layout(local_size_x = 16, local_size_y = 16) in;
layout(constant_id = 1) const uint ACCUMULATE = 0;

layout(push_constant) uniform Parameters {
  Words q;  // [tokens, columns / 4]
  Floats steps, y;
  Matrix w;
  uint tokens, outputs, columns, y_stride;
};

const uint kTokens = 32, kOutputs = 64, kWords = 32;

shared uint q_tile[kTokens * (kWords + 1)];
shared uint w_tile[kOutputs * (kWords + 1)];
shared float scales[kOutputs];

void main() {
  uint thread = gl_LocalInvocationIndex;
  uint t0 = gl_WorkGroupID.y * kTokens, o0 = gl_WorkGroupID.x * kOutputs;
  float sums[2][4];
  [[unroll]] for (uint i = 0; i < 2; ++i) {
    [[unroll]] for (uint j = 0; j < 4; ++j) sums[i][j] = 0.0;
  }
  for (uint first = 0; first < columns; first += 4 * kWords) {
    for (uint i = thread; i < kTokens * kWords; i += 256) {
      uint t = i / kWords, word = i % kWords;
      q_tile[t * (kWords + 1) + word] = t0 + t < tokens ? q.v[(t0 + t) * (columns / 4) + first / 4 + word] : 0;
    }
    for (uint i = thread; i < kOutputs * kWords; i += 256) {
      uint o = i / kWords, word = i % kWords;
      uint weights = 0;
      if (o0 + o < outputs) weights = signed_weights(ternary_codes(row_of(w, o0 + o), first + 4 * word));
      w_tile[o * (kWords + 1) + word] = weights;
    }
    if (thread < kOutputs) {
      scales[thread] =
          o0 + thread < outputs ? ternary_scale(w, row_of(w, o0 + thread), first, outputs) : 0.0;
    }
    barrier();
    int integers[2][4];
    [[unroll]] for (uint i = 0; i < 2; ++i) {
      [[unroll]] for (uint j = 0; j < 4; ++j) integers[i][j] = 0;
    }
    for (uint word = 0; word < kWords; ++word) {
      uint left[2], right[4];
      uint t = gl_LocalInvocationID.y, o = gl_LocalInvocationID.x;
      [[unroll]] for (uint i = 0; i < 2; ++i) left[i] = q_tile[(t + 16 * i) * (kWords + 1) + word];
      [[unroll]] for (uint j = 0; j < 4; ++j) right[j] = w_tile[(o + 16 * j) * (kWords + 1) + word];
      [[unroll]] for (uint i = 0; i < 2; ++i) {
        [[unroll]] for (uint j = 0; j < 4; ++j) integers[i][j] += dot4(left[i], right[j]);
      }
    }
    [[unroll]] for (uint i = 0; i < 2; ++i) {
      [[unroll]] for (uint j = 0; j < 4; ++j) {
        sums[i][j] += scales[gl_LocalInvocationID.x + 16 * j] * float(integers[i][j]);
      }
    }
    barrier();
  }
  [[unroll]] for (uint i = 0; i < 2; ++i) {
    [[unroll]] for (uint j = 0; j < 4; ++j) {
      uint t = t0 + gl_LocalInvocationID.y + 16 * i, o = o0 + gl_LocalInvocationID.x + 16 * j;
      if (t >= tokens || o >= outputs) continue;
      uint at = t * y_stride + o;
      float value = sums[i][j] * steps.v[t];
      y.v[at] = ACCUMULATE != 0 ? y.v[at] + value : value;
    }
  }
}
