#version 450
#extension GL_GOOGLE_include_directive : require
// variants: subgroup
#include "common.glsl"
#include "reduce.glsl"

// y = x / sqrt(mean(x²) + epsilon) ⊙ w: one workgroup per row. y may be x.

layout(push_constant) uniform Parameters {
  Floats x, w, y;
  uint rows, columns, x_stride, y_stride;
  float epsilon;
};

void main() {
  for (uint t = gl_WorkGroupID.x; t < rows; t += gl_NumWorkGroups.x) {
    uint from = t * x_stride, to = t * y_stride;
    float squares = 0.0;
    for (uint i = gl_LocalInvocationID.x; i < columns; i += THREADS) squares += x.v[from + i] * x.v[from + i];
    float rho = 1.0 / sqrt(workgroup_sum(squares) / float(columns) + epsilon);
    for (uint i = gl_LocalInvocationID.x; i < columns; i += THREADS) y.v[to + i] = x.v[from + i] * rho * w.v[i];
  }
}
