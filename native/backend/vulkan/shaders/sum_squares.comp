#version 450
#extension GL_GOOGLE_include_directive : require
#include "elementwise.glsl"

// Σ x² of a part of the matrix per thread, as a sum of two floats: twice the digits without double precision.

layout(push_constant) uniform Parameters {
  Floats x, sums;  // sums: two floats per thread of the grid
  uint rows, columns, x_stride;
};

void main() {
  precise float high = 0.0, low = 0.0;
  FOR_EACH_ROW(t, rows) FOR_EACH_COLUMN(i, columns) {
    precise float value = x.v[t * x_stride + i];
    // The square in two parts: twelve digits of the value have an exact square.
    precise float top = uintBitsToFloat(floatBitsToUint(value) & 0xfffff000u), rest = value - top;
    precise float parts[3] = {top * top, 2.0 * top * rest, rest * rest};
    for (uint k = 0; k < 3; ++k) {
      precise float sum = high + parts[k], back = sum - high;
      low += (high - (sum - back)) + (parts[k] - back);
      high = sum;
    }
  }
  uint thread = (gl_WorkGroupID.y * gl_NumWorkGroups.x + gl_WorkGroupID.x) * THREADS + gl_LocalInvocationID.x;
  sums.v[2 * thread] = high;
  sums.v[2 * thread + 1] = low;
}
