#version 450
#extension GL_GOOGLE_include_directive : require
#include "elementwise.glsl"
#include "gated_activation.glsl"

// y = a(gate) ⊙ up.

layout(push_constant) uniform Parameters {
  Floats gate, up, y;
  uint rows, columns, gate_stride, up_stride, y_stride;
};

void main() {
  FOR_EACH_ROW(t, rows) FOR_EACH_COLUMN(i, columns) {
    y.v[t * y_stride + i] = activate(gate.v[t * gate_stride + i]).value * up.v[t * up_stride + i];
  }
}
