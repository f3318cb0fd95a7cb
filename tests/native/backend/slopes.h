#pragma once

#include "ops/elementwise.h"

#include "backend/backends.h"

/// Finite differences for the gradients of the reference backend.
namespace hone::test {

/// Σ y ⊙ dy, the scalar whose gradient with respect to y is dy.
inline double weighted_sum(const Tensor& y, const Tensor& dy) {
  double sum = 0;
  for (int64_t r = 0; r < y.rows; ++r) {
    for (int64_t i = 0; i < y.columns; ++i) sum += static_cast<double>(y.row<float>(r)[i]) * dy.row<float>(r)[i];
  }
  return sum;
}

/// Every element of `gradient` is the slope of `output()` along the same element of `input`, within 1 % of the
/// largest: the steps are taken in float32, so their quotients are no better.
template <class Output>
void check_slopes(const Output& output, const Tensor& input, const Tensor& gradient) {
  double largest = 1e-3;
  for (const float value : values_of(gradient)) largest = std::max(largest, std::fabs(static_cast<double>(value)));
  for (int64_t r = 0; r < input.rows; ++r) {
    for (int64_t i = 0; i < input.columns; ++i) {
      float& x = input.row<float>(r)[i];
      const float before = x, step = 1e-2f;
      x = before + step;
      const double above = output(), high = x;
      x = before - step;
      const double below = output(), low = x;
      x = before;
      CHECK_AT_MOST(std::fabs((above - below) / (high - low) - gradient.row<float>(r)[i]) / largest, 1e-2);
    }
  }
}

}  // namespace hone::test
