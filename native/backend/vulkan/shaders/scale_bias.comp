#version 450
#extension GL_GOOGLE_include_directive : require
#include "elementwise.glsl"

// y = y · scale + bias, either of them only where it is there.

layout(constant_id = 1) const uint SCALE = 0;
layout(constant_id = 2) const uint BIAS = 0;

layout(push_constant) uniform Parameters {
  Floats y, scale, bias;
  uint rows, columns, y_stride;
};

void main() {
  FOR_EACH_ROW(t, rows) FOR_EACH_COLUMN(i, columns) {
    float value = y.v[t * y_stride + i];
    if (SCALE != 0) value *= scale.v[0];
    if (BIAS != 0) value += bias.v[i];
    y.v[t * y_stride + i] = value;
  }
}
