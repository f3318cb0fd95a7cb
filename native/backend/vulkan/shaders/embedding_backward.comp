#version 450
#extension GL_GOOGLE_include_directive : require
#include "elementwise.glsl"

// dtable[ids[t]] += scale · dy[t] in the order of t: one thread per column, so that equal ids add up in order.

layout(push_constant) uniform Parameters {
  Floats dy, table;
  Integers ids;
  uint rows, columns, dy_stride, table_stride, ids_stride;
  float scale;
};

void main() {
  FOR_EACH_COLUMN(i, columns) {
    for (uint t = 0; t < rows; ++t) {
      table.v[uint(ids.v[t * ids_stride]) * table_stride + i] += scale * dy.v[t * dy_stride + i];
    }
  }
}
