#version 450
#extension GL_GOOGLE_include_directive : require
#include "elementwise.glsl"

// dw += Σ_rows dy ⊙ x·ρ, one thread per column.

layout(push_constant) uniform Parameters {
  Floats x, dy, rhos, dw;
  uint rows, columns, x_stride, dy_stride;
};

void main() {
  FOR_EACH_COLUMN(i, columns) {
    float sum = 0.0;
    for (uint t = 0; t < rows; ++t) sum += dy.v[t * dy_stride + i] * (x.v[t * x_stride + i] * rhos.v[t]);
    dw.v[i] += sum;
  }
}
