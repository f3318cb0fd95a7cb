#version 450
#extension GL_GOOGLE_include_directive : require
#include "common.glsl"

// The largest power of two that is not above the largest magnitude of every row; 1 for rows of zeros, infinities or NaN.

layout(local_size_x = 128) in;

layout(push_constant) uniform Parameters {
  Floats x, powers;
  uint rows, columns, x_stride;
};

shared uint largest;

void main() {
  for (uint t = gl_WorkGroupID.x; t < rows; t += gl_NumWorkGroups.x) {
    if (gl_LocalInvocationIndex == 0) largest = 0;
    barrier();
    uint own = 0;  // magnitudes of floats are ordered as their bits
    for (uint i = gl_LocalInvocationIndex; i < columns; i += 128) {
      own = max(own, floatBitsToUint(x.v[t * x_stride + i]) & 0x7fffffffu);
    }
    atomicMax(largest, own);
    barrier();
    uint power = largest & 0x7f800000u;
    if (gl_LocalInvocationIndex == 0) {
      powers.v[t] = power == 0 || power == 0x7f800000u ? 1.0 : uintBitsToFloat(power);
    }
    barrier();
  }
}
