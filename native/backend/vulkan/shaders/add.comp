#version 450
#extension GL_GOOGLE_include_directive : require
#include "elementwise.glsl"

// y = x, or y += x.

layout(constant_id = 1) const uint ADD = 1;

layout(push_constant) uniform Parameters {
  Floats x, y;
  uint rows, columns, x_stride, y_stride;
};

void main() {
  FOR_EACH_ROW(t, rows) FOR_EACH_COLUMN(i, columns) {
    float value = x.v[t * x_stride + i];
    if (ADD != 0) value += y.v[t * y_stride + i];
    y.v[t * y_stride + i] = value;
  }
}
