#version 450
#extension GL_GOOGLE_include_directive : require
#include "elementwise.glsl"
#include "random.glsl"

// c (+)= factor · Σ of the planes that the workgroups of `product` left, in their order.

layout(constant_id = 1) const uint DROP = 0;  // dropout on the result
layout(constant_id = 2) const uint ACCUMULATE = 0;

layout(push_constant) uniform Parameters {
  Floats parts, c;
  uvec2 key;
  uint rows, columns, count, c_row;
  float factor;
  uint dropped;
  float kept;
};

void main() {
  FOR_EACH_ROW(t, rows) FOR_EACH_COLUMN(i, columns) {
    float sum = 0.0;
    for (uint part = 0; part < count; ++part) sum += parts.v[(part * rows + t) * columns + i];
    sum *= factor;
    if (DROP != 0) sum *= random24(key, t, columns, i) >= dropped ? kept : 0.0;
    uint at = t * c_row + i;
    c.v[at] = ACCUMULATE != 0 ? c.v[at] + sum : sum;
  }
}
