#version 450
#extension GL_GOOGLE_include_directive : require
// variants: subgroup
layout(constant_id = 1) const uint WEIGHT_TYPE = 0;
#include "common.glsl"
#include "reduce.glsl"
#include "weights.glsl"

// y[t, o] (+)= factor · x[t] · w[o] for a few tokens: a workgroup takes OUTPUTS rows of w, its threads go along them,
// four weights each, and every weight is unpacked once for all tokens.

layout(constant_id = 2) const uint TOKENS = 1;
layout(constant_id = 3) const uint OUTPUTS = 2;
layout(constant_id = 4) const uint ACCUMULATE = 0;

layout(push_constant) uniform Parameters {
  Floats x, y;
  Matrix w;
  uint outputs, columns, x_stride, y_stride;
  float factor;
};

void main() {
  for (uint first = gl_WorkGroupID.x * OUTPUTS; first < outputs; first += gl_NumWorkGroups.x * OUTPUTS) {
    float sums[TOKENS * OUTPUTS];
    [[unroll]] for (uint i = 0; i < TOKENS * OUTPUTS; ++i) sums[i] = 0.0;
    for (uint column = 4 * gl_LocalInvocationID.x; column < columns; column += 4 * THREADS) {
      vec4 values[TOKENS];
      [[unroll]] for (uint t = 0; t < TOKENS; ++t) {
        uint at = t * x_stride + column;
        [[unroll]] for (uint i = 0; i < 4; ++i) values[t][i] = column + i < columns ? x.v[at + i] : 0.0;
      }
      [[unroll]] for (uint o = 0; o < OUTPUTS; ++o) {
        if (first + o >= outputs) break;
        vec4 weight = weights_at(w, row_of(w, first + o), column, columns, outputs);
        [[unroll]] for (uint t = 0; t < TOKENS; ++t) sums[t * OUTPUTS + o] += dot(weight, values[t]);
      }
    }
    [[unroll]] for (uint t = 0; t < TOKENS; ++t) {
      [[unroll]] for (uint o = 0; o < OUTPUTS; ++o) {
        float sum = factor * workgroup_sum(sums[t * OUTPUTS + o]);
        if (gl_LocalInvocationID.x != 0 || first + o >= outputs) continue;
        uint at = t * y_stride + first + o;
        y.v[at] = ACCUMULATE != 0 ? y.v[at] + sum : sum;
      }
    }
  }
}
