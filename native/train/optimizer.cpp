#include "train/optimizer.h"

#include "ops/adamw.h"

#include <algorithm>
#include <cmath>

namespace hone {

double GradientNorm::of(std::span<const Tensor> gradients) {
  Backend& backend = arena_.backend();
  double total = 0;
  backend.upload(sum_, &total);
  for (const Tensor& gradient : gradients) backend.run(ops::SumSquares{.x = gradient, .out = sum_});
  backend.download(sum_, &total);
  return std::sqrt(total);
}

float clip_factor(double norm, float limit) noexcept {
  return limit > 0 ? static_cast<float>(std::min(1.0, static_cast<double>(limit) / (norm + 1e-6))) : 1.0f;
}

}  // namespace hone
