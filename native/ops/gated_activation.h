#pragma once

#include "core/tensor.h"

#include <string_view>

namespace hone::ops {

/// silu z/(1+e^-z); relu2 max(z,0)²; gelu_tanh 0.5z(1+tanh(0.7978845608·z·(1+0.044715z²))).
enum class ActivationKind { silu, relu2, gelu_tanh };

/// y = a(gate) ⊙ up, all [T, F].
struct GatedActivation {
  static constexpr std::string_view kName = "gated_activation";
  Tensor gate, up, y;
  ActivationKind kind = ActivationKind::silu;
  void check() const;
};

/// dup = dy ⊙ a(gate);  dgate = dy ⊙ up ⊙ a'(gate). dgate may be the view of gate, dup that of up.
struct GatedActivationBackward {
  static constexpr std::string_view kName = "gated_activation_backward";
  Tensor gate, up, dy, dgate, dup;
  ActivationKind kind = ActivationKind::silu;
  void check() const;
};

}  // namespace hone::ops
