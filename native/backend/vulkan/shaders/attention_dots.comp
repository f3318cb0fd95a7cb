#version 450
#extension GL_GOOGLE_include_directive : require
#include "elementwise.glsl"

// D = do · o of every token and head, [T, H].

layout(push_constant) uniform Parameters {
  Floats o, d_o, dots;
  uint rows, heads, head, o_stride, d_o_stride;
};

void main() {
  FOR_EACH_ROW(t, rows) FOR_EACH_COLUMN(h, heads) {
    float sum = 0.0;
    for (uint c = 0; c < head; ++c) sum += o.v[t * o_stride + h * head + c] * d_o.v[t * d_o_stride + h * head + c];
    dots.v[t * heads + h] = sum;
  }
}
