#version 450
#extension GL_GOOGLE_include_directive : require
#include "elementwise.glsl"

// With e = dy ⊙ c: dc = dy ⊙ Σ w[j] z_{t−K+1+j}, dz_t = Σ_j w[j] e_{t+K−1−j}, db = dz ⊙ x, dx = dz ⊙ b.

layout(push_constant) uniform Parameters {
  Floats values, w, history, dy, gradient;
  Integers key_begin;
  uint rows, columns, width, values_stride, w_stride, history_stride, dy_stride, gradient_stride, begin_stride;
};

void main() {
  FOR_EACH_ROW(t, rows) FOR_EACH_COLUMN(i, columns) {
    int begin = max(0, key_begin.v[t * begin_stride]);
    float sum = 0.0, dz = 0.0;
    for (uint j = 0; j < width; ++j) {
      float weight = w.v[i * w_stride + j];
      int from = int(t + 1 + j) - int(width);
      uint to = t + width - 1 - j;
      if (from >= begin) sum += weight * history.v[uint(from) * history_stride + i];
      if (to >= rows || int(t) < key_begin.v[to * begin_stride]) continue;
      dz += weight * dy.v[to * dy_stride + i] * values.v[to * values_stride + columns + i];
    }
    uint from = t * values_stride + i, to = t * gradient_stride + i;
    gradient.v[to] = dz * values.v[from + 2 * columns];
    gradient.v[to + columns] = dy.v[t * dy_stride + i] * sum;
    gradient.v[to + 2 * columns] = dz * values.v[from];
  }
}
