#version 450
#extension GL_GOOGLE_include_directive : require
#include "elementwise.glsl"

// z = b ⊙ x goes into the history, y_t = c_t ⊙ Σ_j w[j] ⊙ z_{t−K+1+j}. Columns of input are b, c and x. Tokens of this
// call are multiplied again where they are read, so that no thread waits for another's part of the history.

layout(push_constant) uniform Parameters {
  Floats values, w, history, y;
  Integers key_begin;
  uint rows, columns, width, past, values_stride, w_stride, history_stride, y_stride, begin_stride;
};

float z(uint t, uint i) { return values.v[t * values_stride + i] * values.v[t * values_stride + 2 * columns + i]; }

void main() {
  FOR_EACH_ROW(t, rows) FOR_EACH_COLUMN(i, columns) {
    history.v[(past + t) * history_stride + i] = z(t, i);
    int begin = max(0, key_begin.v[t * begin_stride]);
    float sum = 0.0;
    for (uint j = 0; j < width; ++j) {
      int from = int(past + t + 1 + j) - int(width);
      if (from < begin) continue;
      float value = from >= int(past) ? z(uint(from) - past, i) : history.v[uint(from) * history_stride + i];
      sum += w.v[i * w_stride + j] * value;
    }
    y.v[t * y_stride + i] = values.v[t * values_stride + columns + i] * sum;
  }
}
