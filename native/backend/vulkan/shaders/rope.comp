#version 450
#extension GL_GOOGLE_include_directive : require
#include "elementwise.glsl"

// Rotates pairs in place: one thread per pair of one head.

layout(constant_id = 1) const uint NEOX = 0;

layout(push_constant) uniform Parameters {
  Floats x, cosine, sine;
  Integers positions;
  uint rows, heads, head, pairs, x_stride, positions_stride, cosine_stride, sine_stride;
  float direction;  // -1: the other way round
};

void main() {
  FOR_EACH_ROW(t, rows) FOR_EACH_COLUMN(i, heads * pairs) {
    uint j = i % pairs, at = t * x_stride + i / pairs * head;
    uint first = at + (NEOX != 0 ? j : 2 * j), second = NEOX != 0 ? first + pairs : first + 1;
    uint position = uint(positions.v[t * positions_stride]);
    float c = cosine.v[position * cosine_stride + j], s = direction * sine.v[position * sine_stride + j];
    float a = x.v[first], b = x.v[second];
    x.v[first] = a * c - b * s;
    x.v[second] = a * s + b * c;
  }
}
