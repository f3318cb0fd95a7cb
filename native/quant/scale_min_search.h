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

/// Groups that are searched side by side.
inline constexpr int kScaleMinGroups = 4;

/// Minimises the weighted error of `n` values over candidates, each improved by a weighted least-squares fit, for
/// kScaleMinGroups groups that follow each other in `x`, `weights` and `codes`. Writes the codes and the results.
/// Sums of a group run left to right in float32, as their rounding is part of the format's bytes; so it is the groups
/// that share an instruction.
void search_scale_min(const ScaleMinSearch& search, const float* x, const float* weights, int n, uint8_t* codes,
                      ScaleMin* found);

}  // namespace hone::quant
