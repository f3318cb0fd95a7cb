#pragma once

#include "core/tensor.h"
#include "model/arena.h"

#include <cstdint>

namespace hone {

/// sqrt(Σ x²) over all of `gradients`, accumulated in double in a fixed order.
class GradientNorm {
 public:
  explicit GradientNorm(Backend& backend) : arena_(backend), sum_(arena_.make(1, 1, DType::F64)) {}

  double of(std::span<const Tensor> gradients);

 private:
  Arena arena_;
  Tensor sum_;
};

/// Factor that brings a gradient of `norm` down to `limit`: min(1, limit / (norm + 1e-6)); 1 when limit is 0.
float clip_factor(double norm, float limit) noexcept;

}  // namespace hone
