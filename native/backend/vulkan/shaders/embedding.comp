#version 450
#extension GL_GOOGLE_include_directive : require
layout(constant_id = 1) const uint WEIGHT_TYPE = 0;
#include "elementwise.glsl"
#include "weights.glsl"

// y[t] = scale · table[ids[t]], four columns per thread.

layout(push_constant) uniform Parameters {
  Matrix table;
  Floats y;
  Integers ids;
  uint rows, columns, table_rows, y_stride, ids_stride;
  float scale;
};

void main() {
  FOR_EACH_ROW(t, rows) {
    Row row = row_of(table, uint(ids.v[t * ids_stride]));
    FOR_EACH_COLUMN(group, (columns + 3) / 4) {
      vec4 w = weights_at(table, row, 4 * group, columns, table_rows);
      for (uint i = 0; i < min(4, columns - 4 * group); ++i) y.v[t * y_stride + 4 * group + i] = scale * w[i];
    }
  }
}
