#version 450
#extension GL_GOOGLE_include_directive : require
#include "elementwise.glsl"
#include "gated_activation.glsl"

// dup = dy ⊙ a(gate);  dgate = dy ⊙ up ⊙ a'(gate). Every thread reads its element of gate and up before it writes.

layout(push_constant) uniform Parameters {
  Floats gate, up, dy, dgate, dup;
  uint rows, columns, gate_stride, up_stride, dy_stride, dgate_stride, dup_stride;
};

void main() {
  FOR_EACH_ROW(t, rows) FOR_EACH_COLUMN(i, columns) {
    Activation a = activate(gate.v[t * gate_stride + i]);
    float gradient = dy.v[t * dy_stride + i], factor = up.v[t * up_stride + i];
    dup.v[t * dup_stride + i] = gradient * a.value;
    dgate.v[t * dgate_stride + i] = gradient * factor * a.slope;
  }
}
