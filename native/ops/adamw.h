#pragma once

#include "core/tensor.h"

#include <cstdint>
#include <string_view>

namespace hone::ops {

/// One step of AdamW (Loshchilov & Hutter 2019) with g = gradient_scale · gradient (the clipping factor):
/// w ← w(1 − lr·decay); m ← β1 m + (1−β1) g; v ← β2 v + (1−β2) g²;
/// w ← w − lr·(m/(1−β1^t)) / (√(v/(1−β2^t)) + ε). All float32, β^t in double. `step` is t, from 1.
struct AdamW {
  static constexpr std::string_view kName = "adamw";
  Tensor w, gradient, m, v;
  int64_t step = 1;
  float learning_rate = 1e-4f, beta1 = 0.9f, beta2 = 0.999f, epsilon = 1e-8f, weight_decay = 0;
  float gradient_scale = 1;
  void check() const;
};

/// out[0] (float64) += Σ x², in an order that does not depend on threads. For the norm of the gradient.
struct SumSquares {
  static constexpr std::string_view kName = "sum_squares";
  Tensor x;
  Tensor out;  ///< [1, 1] float64
  void check() const;
};

}  // namespace hone::ops
