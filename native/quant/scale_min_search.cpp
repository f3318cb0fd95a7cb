#include "quant/scale_min_search.h"

#include "quant/rounding.h"

#include <algorithm>
#include <cmath>

namespace hone::quant {
namespace {

constexpr int kLongestGroup = 32;

void round_codes(const ScaleMinSearch& search, const float* x, float inverse_scale, float minimum, uint8_t* codes,
                 int n) {
  for (int i = 0; i < n; ++i) {
    codes[i] = static_cast<uint8_t>(round_even(inverse_scale * (x[i] - minimum), 0, search.largest_code));
  }
}

float weighted_error(const ScaleMinSearch& search, const float* x, const float* weights, const uint8_t* codes, int n,
                     float scale, float minimum) {
  float error = 0;
  for (int i = 0; i < n; ++i) {
    const float difference = scale * static_cast<float>(codes[i]) + minimum - x[i];
    error = error + weights[i] * (search.absolute_error ? std::fabs(difference) : difference * difference);
  }
  return error;
}

}  // namespace

ScaleMin search_scale_min(const ScaleMinSearch& search, const float* x, const float* weights, uint8_t* codes, int n) {
  const Range range = range_of(x, n);
  float minimum = std::min(range.low, 0.0f);
  if (range.high == minimum) {
    std::fill_n(codes, n, uint8_t{0});
    return {0.0f, -minimum};
  }
  float sum_w = weights[0], sum_x = weights[0] * x[0];
  for (int i = 1; i < n; ++i) {
    sum_w = sum_w + weights[i];
    sum_x = sum_x + weights[i] * x[i];
  }

  const auto levels = static_cast<float>(search.largest_code);
  const float inverse = levels / (range.high - minimum);
  float scale = 1.0f / inverse;
  round_codes(search, x, inverse, minimum, codes, n);
  float best = weighted_error(search, x, weights, codes, n, scale, minimum);

  for (int s = 0; s <= search.steps; ++s) {
    const float divisions = search.first_offset + search.step * static_cast<float>(s) + levels;
    const float candidate = divisions / (range.high - minimum);
    uint8_t tried[kLongestGroup];
    round_codes(search, x, candidate, minimum, tried, n);

    float sum_l = 0, sum_ll = 0, sum_xl = 0;
    for (int i = 0; i < n; ++i) {
      const auto l = static_cast<float>(tried[i]);
      const float wl = weights[i] * l;
      sum_l = sum_l + wl;
      sum_ll = sum_ll + wl * l;
      sum_xl = sum_xl + wl * x[i];
    }
    const float determinant = sum_w * sum_ll - sum_l * sum_l;
    if (!(determinant > 0)) continue;
    float fitted_scale = (sum_w * sum_xl - sum_x * sum_l) / determinant;
    float fitted_minimum = (sum_ll * sum_x - sum_l * sum_xl) / determinant;
    if (fitted_minimum > 0) {
      fitted_minimum = 0;
      fitted_scale = sum_xl / sum_ll;
    }
    const float error = weighted_error(search, x, weights, tried, n, fitted_scale, fitted_minimum);
    if (error < best) {
      best = error;
      scale = fitted_scale;
      minimum = fitted_minimum;
      std::copy_n(tried, n, codes);
    }
  }
  return {scale, -minimum};
}

}  // namespace hone::quant
