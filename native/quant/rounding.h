#pragma once

#include <cmath>

/// Roundings and searches that several encoders share.
namespace hone::quant {

/// Toward zero, then into [low, high]. Safe for any float: a cast of an out-of-range value is undefined.
inline int truncate(float value, int low, int high) {
  if (!(value > static_cast<float>(low))) return low;
  return value >= static_cast<float>(high) ? high : static_cast<int>(value);
}

/// To the nearest integer, halves to even, into [low, high] (|low|, |high| < 2^22).
/// In [2^23, 2^24) floats are the integers, so adding 1.5 * 2^23 rounds as wanted.
inline int round_even(float value, int low, int high) {
  if (!(value > static_cast<float>(low))) return low;
  if (value >= static_cast<float>(high)) return high;
  const float shifted = value + 12582912.0f;
  return static_cast<int>(shifted - 12582912.0f);
}

/// To the nearest integer, halves away from zero, into [low, high].
inline int round_away(float value, int low, int high) {
  if (!(value > static_cast<float>(low))) return low;
  if (value >= static_cast<float>(high)) return high;
  const int whole = static_cast<int>(value);
  const float rest = value - static_cast<float>(whole);
  return whole + (rest >= 0.5f) - (rest <= -0.5f);
}

inline float inverse(float d) { return d != 0.0f ? 1.0f / d : 0.0f; }

inline float largest_magnitude(const float* x, int n) {
  float largest = 0;
  for (int i = 0; i < n; ++i) largest = std::fmax(largest, std::fabs(x[i]));
  return largest;
}

/// The first element of largest magnitude, with its sign.
inline float signed_extreme(const float* x, int n) {
  float extreme = 0;
  for (int i = 0; i < n; ++i) {
    if (std::fabs(x[i]) > std::fabs(extreme)) extreme = x[i];
  }
  return extreme;
}

struct Range {
  float low, high;
};

inline Range range_of(const float* x, int n) {
  Range range{x[0], x[0]};
  for (int i = 1; i < n; ++i) {
    if (x[i] < range.low) range.low = x[i];
    if (x[i] > range.high) range.high = x[i];
  }
  return range;
}

}  // namespace hone::quant
