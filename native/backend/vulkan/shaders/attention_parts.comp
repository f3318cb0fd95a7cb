#version 450
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"

// Joins the parts that the workgroups of `attention` left: one workgroup per row and group.

layout(local_size_x_id = 0) in;
layout(constant_id = 0) const uint THREADS = 64;
layout(constant_id = 1) const uint LSE = 0;

layout(push_constant) uniform Parameters {
  Floats parts, o, lse;
  uint rows, heads, groups, head, count, o_stride, lse_stride;
};

const float kNone = -3.4e38;

void main() {
  uint r = gl_WorkGroupID.x, group = gl_WorkGroupID.y, per = heads / groups;
  uint t = r / per, h = group * per + r % per;
  uint step = groups * rows * (head + 2), first = (group * rows + r) * (head + 2);
  float largest = kNone;
  for (uint part = 0; part < count; ++part) largest = max(largest, parts.v[first + part * step + head]);
  float total = 0.0;
  for (uint part = 0; part < count; ++part) {
    uint at = first + part * step + head;
    if (parts.v[at] != kNone) total += parts.v[at + 1] * exp(parts.v[at] - largest);
  }
  for (uint c = gl_LocalInvocationID.x; c < head; c += THREADS) {
    float sum = 0.0;
    for (uint part = 0; part < count; ++part) {
      uint at = first + part * step;
      if (parts.v[at + head] != kNone) sum += parts.v[at + c] * exp(parts.v[at + head] - largest);
    }
    o.v[t * o_stride + h * head + c] = sum / total;
  }
  if (LSE != 0 && gl_LocalInvocationID.x == 0) lse.v[t * lse_stride + h] = largest + log(total);
}
