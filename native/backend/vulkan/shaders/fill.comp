#version 450
#extension GL_GOOGLE_include_directive : require
#include "elementwise.glsl"

// y = value.

layout(push_constant) uniform Parameters {
  Floats y;
  uint rows, columns, y_stride;
  float value;
};

void main() {
  FOR_EACH_ROW(t, rows) FOR_EACH_COLUMN(i, columns) y.v[t * y_stride + i] = value;
}
