#version 450
#extension GL_GOOGLE_include_directive : require
// variants: subgroup
#include "common.glsl"
#include "reduce.glsl"

// With ρ = (mean(x²) + ε)^-½ and g = dy ⊙ w: dx (+)= ρ·(g − x·ρ²·(Σ g x)/n). One workgroup per row; leaves ρ of every
// row for rms_norm_weights.

layout(constant_id = 1) const uint ACCUMULATE = 0;

layout(push_constant) uniform Parameters {
  Floats x, w, dy, dx, rhos;
  uint rows, columns, x_stride, dy_stride, dx_stride;
  float epsilon;
};

void main() {
  for (uint t = gl_WorkGroupID.x; t < rows; t += gl_NumWorkGroups.x) {
    uint from = t * x_stride, above = t * dy_stride, to = t * dx_stride;
    float squares = 0.0, along = 0.0;
    for (uint i = gl_LocalInvocationID.x; i < columns; i += THREADS) {
      float value = x.v[from + i];
      squares += value * value;
      along += dy.v[above + i] * w.v[i] * value;
    }
    float rho = 1.0 / sqrt(workgroup_sum(squares) / float(columns) + epsilon);
    float pull = rho * rho * workgroup_sum(along) / float(columns);
    for (uint i = gl_LocalInvocationID.x; i < columns; i += THREADS) {
      float gradient = rho * (dy.v[above + i] * w.v[i] - x.v[from + i] * pull);
      dx.v[to + i] = ACCUMULATE != 0 ? dx.v[to + i] + gradient : gradient;
    }
    if (gl_LocalInvocationID.x == 0) rhos.v[t] = rho;
  }
}
