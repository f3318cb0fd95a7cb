// Loops over a matrix: rows along y, columns along x, in strides of the grid where the matrix is larger.

#include "common.glsl"

layout(local_size_x_id = 0) in;
layout(constant_id = 0) const uint THREADS = 256;

#define FOR_EACH_ROW(t, rows) for (uint t = gl_WorkGroupID.y; t < (rows); t += gl_NumWorkGroups.y)
#define FOR_EACH_COLUMN(i, columns) \
  for (uint i = gl_GlobalInvocationID.x; i < (columns); i += gl_NumWorkGroups.x * THREADS)
