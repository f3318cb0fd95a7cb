#pragma once

#include "core/tensor.h"

#include <string_view>

namespace hone::ops {

/// How the input of a matrix product is treated. `rounded` is the arithmetic BitNet models were trained with:
/// per row (token) q = clamp(round_half_even(x * 127 / max(absmax, 1e-5)), -128, 127), x^ = q * absmax / 127.
/// `fine` permits a backend to round every 32 inputs to 16 bits (steps of absmax / 32639), which costs less than 1e-4 of
/// the result; backward it is exact.
enum class Activations { exact, rounded, fine };

/// y[T, out] = x[T, in] · wᵀ, w [out, in] in any weight type; adds to y when `accumulate`.
struct Linear {
  static constexpr std::string_view kName = "linear";
  Tensor x, w, y;
  Activations activations = Activations::exact;
  bool accumulate = false;
  void check() const;
};

/// dx[T, in] = dy[T, out] · w; adds to dx when `accumulate`. The rounding of `Linear` counts as the identity
/// (straight-through). Where inputs are `rounded` and w is ternary, a backend may round each row of dy to 16 bits
/// (steps of absmax / 32639) and multiply in integers. The weight is unpacked in tiles, never as a whole.
struct LinearBackward {
  static constexpr std::string_view kName = "linear_backward";
  Tensor dy, w, dx;
  Activations activations = Activations::exact;
  bool accumulate = false;
  void check() const;
};

/// dw[out, in] += dyᵀ · x, all float32. Only for training whole weights (the starter model's recipe).
struct LinearWeightGradient {
  static constexpr std::string_view kName = "linear_weight_gradient";
  Tensor dy, x, dw;
  void check() const;
};

}  // namespace hone::ops
