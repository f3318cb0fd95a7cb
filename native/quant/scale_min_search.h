#pragma once

#include <cstdint>

namespace hone::quant {

/// How finely one format searches for the scale and minimum of a group.
struct ScaleMinSearch {
  int largest_code;
  float first_offset, step;  ///< candidates divide the range by largest_code + first_offset + step * s …
  int steps;                 ///< … for s = 0 … steps
  bool absolute_error;       ///< weigh |difference| instead of its square
};

/// A group is stored as x = scale * code - minimum.
struct ScaleMin {
  float scale;
  float minimum;  ///< not negative
};

/// Minimises the weighted error of `n` values over candidates, each improved by a weighted least-squares fit.
/// Writes the codes. Sums run left to right in float32: their rounding is part of the format's bytes.
ScaleMin search_scale_min(const ScaleMinSearch& search, const float* x, const float* weights, uint8_t* codes, int n);

}  // namespace hone::quant
