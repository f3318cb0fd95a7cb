#include "ops/gated_activation.h"

#include "ops/checks.h"

namespace hone::ops {

void GatedActivation::check() const {
  ensure(is_f32(gate) && is_f32(up) && is_f32(y), "gated_activation: gate, up and y must be float32 views");
  ensure(same_shape(gate, up) && same_shape(gate, y), "gated_activation: gate, up and y differ in shape");
}

void GatedActivationBackward::check() const {
  ensure(is_f32(gate) && is_f32(up) && is_f32(dy) && is_f32(dgate) && is_f32(dup),
         "gated_activation_backward: all tensors must be float32 views");
  ensure(same_shape(gate, up) && same_shape(gate, dy) && same_shape(gate, dgate) && same_shape(gate, dup),
         "gated_activation_backward: the tensors differ in shape");
}

}  // namespace hone::ops
