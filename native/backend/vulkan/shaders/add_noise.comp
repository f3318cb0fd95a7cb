#version 450
#extension GL_GOOGLE_include_directive : require
#include "elementwise.glsl"
#include "random.glsl"

// y[t, i] += scales[t] · u, u uniform in [-1, 1).

layout(push_constant) uniform Parameters {
  Floats y, scales;
  uvec2 key;
  uint rows, columns, y_stride, scales_stride;
};

void main() {
  FOR_EACH_ROW(t, rows) FOR_EACH_COLUMN(i, columns) {
    float u = 2.0 * (float(random24(key, t, columns, i)) / 16777216.0) - 1.0;
    y.v[t * y_stride + i] += scales.v[t * scales_stride] * u;
  }
}
