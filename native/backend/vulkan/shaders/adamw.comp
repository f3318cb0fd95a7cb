#version 450
#extension GL_GOOGLE_include_directive : require
#include "elementwise.glsl"

// g = gradient_scale · gradient; m ← β1 m + (1−β1) g; v ← β2 v + (1−β2) g²;
// w ← w − w·lr·decay − lr·m̂ / (√v̂ + ε).

layout(push_constant) uniform Parameters {
  Floats w, gradient, m, v;
  uint rows, columns, w_stride, gradient_stride, m_stride, v_stride;
  float gradient_scale, beta1, rest1, beta2, rest2;  // rest: 1 − β
  float decay;                                       // lr · weight decay
  float step_size;                                   // lr / (1 − β1^t)
  float correction;                                  // 1 / (1 − β2^t)
  float epsilon;
};

void main() {
  FOR_EACH_ROW(t, rows) FOR_EACH_COLUMN(i, columns) {
    float g = gradient_scale * gradient.v[t * gradient_stride + i];
    float first = beta1 * m.v[t * m_stride + i] + rest1 * g;
    float second = beta2 * v.v[t * v_stride + i] + rest2 * g * g;
    m.v[t * m_stride + i] = first;
    v.v[t * v_stride + i] = second;
    float weight = w.v[t * w_stride + i];
    w.v[t * w_stride + i] = weight - (weight * decay + step_size * first / (sqrt(second * correction) + epsilon));
  }
}
