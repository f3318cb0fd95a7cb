#pragma once

#include "core/tensor.h"

#include <string_view>

namespace hone::ops {

/// y = x / sqrt(mean(x²) + epsilon) ⊙ w per row; w [1, n] float32. For norms over heads view x as [T·H, d].
/// The sum of squares is taken in double. x and y may be the same view.
struct RmsNorm {
  static constexpr std::string_view kName = "rms_norm";
  Tensor x, w, y;
  float epsilon = 1e-5f;
  void check() const;
};

/// With ρ = (mean(x²) + ε)^-½ and g = dy ⊙ w: dx = ρ·(g − x·ρ²·(Σ g x)/n), added to dx when `accumulate`.
/// `dw` [1, n], when present, gains Σ_rows dy ⊙ x·ρ (training whole weights only).
struct RmsNormBackward {
  static constexpr std::string_view kName = "rms_norm_backward";
  Tensor x, w, dy, dx;
  Tensor dw;
  float epsilon = 1e-5f;
  bool accumulate = false;
  void check() const;
};

}  // namespace hone::ops
