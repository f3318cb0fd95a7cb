#include "quant/scale_min_search.h"

#include <algorithm>

namespace hone::quant {
namespace {

constexpr int kLongestGroup = 32;

/// One number of each group. Arithmetic and comparisons go lane by lane.
using Lanes = float __attribute__((vector_size(16)));
static_assert(sizeof(Lanes) == kScaleMinGroups * sizeof(float));

Lanes all(float value) { return Lanes{value, value, value, value}; }
Lanes smaller(Lanes a, Lanes b) { return b < a ? b : a; }
Lanes larger(Lanes a, Lanes b) { return b > a ? b : a; }
Lanes magnitude(Lanes a) { return a < all(0) ? -a : a; }

/// Value i of every group.
using Columns = Lanes[kLongestGroup];

void load(const float* groups, int n, Columns& columns) {
  for (int i = 0; i < n; ++i) columns[i] = Lanes{groups[i], groups[n + i], groups[2 * n + i], groups[3 * n + i]};
}

/// `round_even` of quant/rounding.h, the limits before the rounding: they are integers.
Lanes round_into(Lanes value, Lanes high) {
  const Lanes inside = smaller(value > all(0) ? value : all(0), high);
  return (inside + all(12582912.0f)) - all(12582912.0f);
}

void round_codes(const Columns& x, int n, Lanes inverse_scale, Lanes minimum, Lanes largest, Columns& codes) {
  for (int i = 0; i < n; ++i) codes[i] = round_into(inverse_scale * (x[i] - minimum), largest);
}

Lanes weighted_error(bool absolute, const Columns& x, const Columns& weights, const Columns& codes, int n, Lanes scale,
                     Lanes minimum) {
  Lanes error = all(0);
  for (int i = 0; i < n; ++i) {
    const Lanes difference = scale * codes[i] + minimum - x[i];
    error = error + weights[i] * (absolute ? magnitude(difference) : difference * difference);
  }
  return error;
}

}  // namespace

void search_scale_min(const ScaleMinSearch& search, const float* values, const float* value_weights, int n,
                      uint8_t* codes, ScaleMin* found) {
  Columns x{}, weights{}, kept, tried;
  load(values, n, x);
  load(value_weights, n, weights);

  Lanes low = x[0], high = x[0], sum_w = weights[0], sum_x = weights[0] * x[0];
  for (int i = 1; i < n; ++i) {
    low = smaller(low, x[i]);
    high = larger(high, x[i]);
    sum_w = sum_w + weights[i];
    sum_x = sum_x + weights[i] * x[i];
  }
  const Lanes lowest = smaller(low, all(0));

  // A group of one value divides by zero here; its numbers are thrown away at the end.
  Lanes minimum = lowest;
  const Lanes levels = all(static_cast<float>(search.largest_code));
  const Lanes inverse = levels / (high - minimum);
  Lanes scale = all(1) / inverse;
  round_codes(x, n, inverse, minimum, levels, kept);
  Lanes best = weighted_error(search.absolute_error, x, weights, kept, n, scale, minimum);

  for (int s = 0; s <= search.steps; ++s) {
    const float divisions = search.first_offset + search.step * static_cast<float>(s) + levels[0];
    round_codes(x, n, all(divisions) / (high - minimum), minimum, levels, tried);

    Lanes sum_l = all(0), sum_ll = all(0), sum_xl = all(0);
    for (int i = 0; i < n; ++i) {
      const Lanes wl = weights[i] * tried[i];
      sum_l = sum_l + wl;
      sum_ll = sum_ll + wl * tried[i];
      sum_xl = sum_xl + wl * x[i];
    }
    const Lanes determinant = sum_w * sum_ll - sum_l * sum_l;
    Lanes fitted_scale = (sum_w * sum_xl - sum_x * sum_l) / determinant;
    Lanes fitted_minimum = (sum_ll * sum_x - sum_l * sum_xl) / determinant;
    const auto above = fitted_minimum > all(0);
    fitted_minimum = above ? all(0) : fitted_minimum;
    fitted_scale = above ? sum_xl / sum_ll : fitted_scale;

    const Lanes error = weighted_error(search.absolute_error, x, weights, tried, n, fitted_scale, fitted_minimum);
    const auto better = (determinant > all(0)) & (error < best);
    best = better ? error : best;
    scale = better ? fitted_scale : scale;
    minimum = better ? fitted_minimum : minimum;
    for (int i = 0; i < n; ++i) kept[i] = better ? tried[i] : kept[i];
  }

  for (int group = 0; group < kScaleMinGroups; ++group) {
    const bool constant = high[group] == lowest[group];
    found[group] = constant ? ScaleMin{0.0f, -lowest[group]} : ScaleMin{scale[group], -minimum[group]};
    for (int i = 0; i < n; ++i) {
      codes[group * n + i] = constant ? uint8_t{0} : static_cast<uint8_t>(kept[i][group]);
    }
  }
}

}  // namespace hone::quant
